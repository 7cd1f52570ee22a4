using EnterprisePortal.Contracts.Http;
using EnterprisePortal.Permissions;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Observability;
using EnterprisePortal.ServiceDefaults.Operations;
using EnterprisePortal.ServiceDefaults.SignIn;

var builder = WebApplication.CreateBuilder(args);
if (args is [OperateCommand.Name, .. var act])
    return await builder.Operate("permissions", act);
builder.AddPortalService<PermissionsDb>("permissions");
builder.AddGauge("portal.restrictions.pending", "{account}", "Accounts that have not applied their current restrictions.",
    "select count(*) from account_set where applied_version < version");
builder.AddWaiting(WaitingKind.PendingRestrictions,
    "select account, changed_at, problem from account_set where applied_version < version order by changed_at");
builder.Services.AddValidation();
builder.Services.AddScoped<UpdateSets>();
builder.Services.AddScoped<EffectiveSets>();
builder.Services.AddScoped<RestrictionChange>();
builder.Services.AddScoped<EndRestrictions>();
builder.Services.AddHostedService<FollowCauses>();

var app = builder.Build();
app.UsePortalService();

var permissions = app.MapGroup("/api/permissions").RequireAuthorization(Policies.Admin);
ListCatalogue.Map(permissions);
ExplainPermission.Map(permissions);
RetryDelivery.Map(permissions);
var groups = permissions.MapGroup("/groups");
ListRestrictions.Map(groups);
ChangeRestrictions.Map(groups);
PreviewImpact.Map(groups);

await app.RunAsync();
return Environment.ExitCode;
