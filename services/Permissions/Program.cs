using EnterprisePortal.Permissions;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.AccountApi;
using EnterprisePortal.ServiceDefaults.Database;
using EnterprisePortal.ServiceDefaults.Messaging;
using EnterprisePortal.ServiceDefaults.Observability;
using EnterprisePortal.ServiceDefaults.SignIn;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddDatabase<PermissionsDb>("permissions");
builder.AddSignInChecks("permissions");
builder.AddMessaging("permissions", typeof(Program).Assembly);
builder.AddAccountApi();
builder.AddGauge("portal.restrictions.pending", "{account}", "Accounts that have not taken their present restrictions.",
    "select count(*) from account_set where applied_version < version");
builder.Services.AddValidation();
builder.Services.AddScoped<UpdateSets>();
builder.Services.AddScoped<EffectiveSets>();
builder.Services.AddScoped<RestrictionChange>();
builder.Services.AddScoped<EndRestrictions>();
builder.Services.AddHostedService<FollowCauses>();

var app = builder.Build();
app.UseServiceDefaults();
app.UseAuthentication();
app.UseAuthorization();

var permissions = app.MapGroup("/api/permissions").RequireAuthorization(Policies.Admin);
ListCatalogue.Map(permissions);
ExplainPermission.Map(permissions);
RetryPush.Map(permissions);
var groups = permissions.MapGroup("/groups");
ListRestrictions.Map(groups);
ChangeRestrictions.Map(groups);
PreviewImpact.Map(groups);

await app.RunAsync();
