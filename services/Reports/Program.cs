using EnterprisePortal.Reports;
using EnterprisePortal.Reports.Feed;
using EnterprisePortal.Reports.Figures;
using EnterprisePortal.Reports.Files;
using EnterprisePortal.Reports.Generation;
using EnterprisePortal.Reports.Runs;
using EnterprisePortal.Reports.Schedules;
using EnterprisePortal.Reports.Trends;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Database;
using EnterprisePortal.ServiceDefaults.Observability;
using EnterprisePortal.ServiceDefaults.Operations;
using EnterprisePortal.ServiceDefaults.SignIn;

var builder = WebApplication.CreateBuilder(args);
if (args is [OperateCommand.Name, .. var act])
    return await builder.Operate("reports", act);
if (args is [ProtectKeysCommand.Name])
    return await builder.ProtectKeys("reports");

builder.AddPortalService<ReportsDb>("reports", keepsKeys: true);
builder.AddGauge("portal.report.accounts.in_flight", "{account}", "Accounts of report runs that are not at their end.",
    "select count(*) from report_run_account where state in ('queued', 'running')");
builder.Services.AddValidation();
builder.Services.AddSingleton<HostSlots>();
builder.Services.AddSingleton<ReportFiles>();
builder.Services.AddSingleton<AccountReports>();
builder.Services.AddSingleton<FindWork>();
builder.Services.AddSingleton<FinishRun>();
builder.Services.AddSingleton<EndAccount>();
builder.Services.AddSingleton<BlankFamilies>();
builder.Services.AddScoped<ReleasedFiles>();
builder.Services.AddScoped<OpenReports>();
builder.Services.AddScoped<TrendFigures>();
builder.Services.AddMemoryCache();
builder.Services.AddSingleton<Combination>();
builder.Services.AddSingleton<CombinedWorkbook>();
builder.Services.AddSingleton<WatchRun.Watching>();
builder.Services.AddSingleton<RunChanges>();
builder.Services.AddHostedService(services => services.GetRequiredService<RunChanges>());
builder.Services.AddHostedService<EndOverdueRuns>();
builder.Services.AddHostedService<ForgetOldRuns>();
builder.Services.AddScoped<ScheduledRun>();
builder.Services.AddHostedService<RunSchedules>();

var app = builder.Build();
app.UsePortalService();

var runs = app.MapGroup("/api/reports/runs").RequireAuthorization();
StartRun.Map(runs);
ListRuns.Map(runs);
WatchRun.Map(runs);
CancelRun.Map(runs);
RetryAccount.Map(runs);
DownloadZip.Map(runs);
CombineRun.Map(runs);
ReadFigures.Map(runs);
ListTotals.Map(runs);
ReadRows.Map(runs);

var schedules = app.MapGroup("/api/reports/schedules").RequireAuthorization();
ListSchedules.Map(schedules);
CreateSchedule.Map(schedules);
ChangeSchedule.Map(schedules);
EditSchedule.Map(schedules);
RunScheduleNow.Map(schedules);

var trends = app.MapGroup("/api/trends").RequireAuthorization().WithTags("Trends");
ReadTrend.Map(trends);
ExportTrend.Map(trends);

var feed = app.MapGroup("/api/feed").RequireAuthorization(Policies.FeedReports).WithTags("Feed");
FeedRuns.Map(feed);
FeedReport.Map(feed);
FeedTrends.Map(feed);

await app.RunAsync();
return Environment.ExitCode;
