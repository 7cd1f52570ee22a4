using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Observability;
using EnterprisePortal.ServiceDefaults.Settings;
using EnterprisePortal.Sync;

var builder = WebApplication.CreateBuilder(args);
builder.AddPortalService("sync", typeof(Program).Assembly);
builder.AddGauge("portal.sync.oldest.age", "s", "Age of the index's data on the account that was last read the longest ago.",
    "select extract(epoch from now() - min(last_sync)) from account_sync where active");
builder.AddGauge("portal.sync.accounts.unread", "{account}", "Active accounts that were never read to the end.",
    "select count(*) from account_sync where active and last_sync is null");
builder.Services.AddValidation();
builder.AddSettings<SyncOptions>("Sync");
builder.Services.AddSingleton<ReadAccount>();
builder.Services.AddHostedService<FollowAccounts>();
builder.Services.AddHostedService<ReadDueAccounts>();
builder.Services.AddHostedService<PollChanges>();

var app = builder.Build();
app.UsePortalService();

var sync = app.MapGroup("/api/sync").RequireAuthorization().WithTags("Sync");
ListSyncStates.Map(sync);
SyncNow.Map(sync);
await app.RunAsync();
