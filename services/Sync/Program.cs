using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Observability;
using EnterprisePortal.ServiceDefaults.Operations;
using EnterprisePortal.ServiceDefaults.Settings;
using EnterprisePortal.Sync;

var builder = WebApplication.CreateBuilder(args);
if (args is [OperateCommand.Name, .. var act])
    return await builder.Operate("sync", act);
builder.AddPortalService("sync", typeof(Program).Assembly);
builder.AddGauge("portal.sync.oldest.age", "s", "Age of the index's data on the account that was last read the longest ago.",
    "select extract(epoch from now() - min(last_sync)) from account_sync where active");
builder.AddGauge("portal.sync.accounts.unread", "{account}", "Active accounts that were never read to the end.",
    "select count(*) from account_sync where active and last_sync is null");
builder.AddWaiting(WaitingKind.SilentAccount,
    "select account, last_sync, problem from account_sync "
    + "where active and (problem is not null or last_sync < now() - interval '26 hours') order by last_sync nulls first");
builder.AddGauge("portal.sync.accounts.silent", "{account}", "Active accounts without a good reading for a night.",
    "select count(*) from account_sync where active and coalesce(last_sync < now() - interval '26 hours', problem is not null)");
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
return Environment.ExitCode;
