using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.AccountApi;
using EnterprisePortal.ServiceDefaults.Database;
using EnterprisePortal.ServiceDefaults.Messaging;
using EnterprisePortal.ServiceDefaults.Observability;
using EnterprisePortal.ServiceDefaults.SignIn;
using EnterprisePortal.Sync;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddDatabase("sync", typeof(Program).Assembly);
builder.AddSignInChecks("sync");
builder.AddMessaging("sync", typeof(Program).Assembly);
builder.AddAccountApi();
builder.AddGauge("portal.sync.oldest.age", "s", "Age of the index's data on the account that was last read the longest ago.",
    "select extract(epoch from now() - min(last_sync)) from account_sync where active");
builder.AddGauge("portal.sync.accounts.unread", "{account}", "Active accounts that were never read to the end.",
    "select count(*) from account_sync where active and last_sync is null");
builder.Services.AddValidation();
builder.Services.AddOptions<SyncOptions>().BindConfiguration("Sync");
builder.Services.AddSingleton<ReadAccount>();
builder.Services.AddHostedService<FollowAccounts>();
builder.Services.AddHostedService<RunNightly>();
builder.Services.AddHostedService<PollChanges>();

var app = builder.Build();
app.UseServiceDefaults();
app.UseAuthentication();
app.UseAuthorization();

var sync = app.MapGroup("/api/sync").RequireAuthorization().WithTags("Sync");
ListSyncStates.Map(sync);
SyncNow.Map(sync);
await app.RunAsync();
