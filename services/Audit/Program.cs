using EnterprisePortal.Audit;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Operations;
using EnterprisePortal.ServiceDefaults.Settings;

var builder = WebApplication.CreateBuilder(args);
if (args is [OperateCommand.Name, .. var act])
    return await builder.Operate("audit", act);
builder.AddSettings<AuditOptions>("Audit");
builder.Services.AddSingleton<SigningKey>();
builder.Services.AddSingleton<SignedHeads>();
builder.Services.AddSingleton<AppendToLog>();
builder.Services.AddSingleton<VerifyChain>();
builder.Services.AddSingleton<ArchiveMonths>();
if (args is ["verify" or "archive"])
    return await Commands.Run(builder, args[0]);
builder.AddPortalService("audit", typeof(RecordActivity).Assembly, () => builder.AddAppendOnlyDatabase(),
    bus: bus => bus.AddConsumer<RecordActivity>((_, consumer) => RecordActivity.InBatches(consumer)));
builder.Services.AddValidation();
builder.Services.AddHostedService<PullAccountActivity>();
builder.Services.AddHostedService(services => services.GetRequiredService<ArchiveMonths>());

var app = builder.Build();
app.UsePortalService();

var audit = app.MapGroup("/api/audit").RequireAuthorization();
ReadLog.Map(audit);
CountDays.Map(audit);
ExportLog.Map(audit);
VerifyChain.Map(audit);
await app.RunAsync();
return Environment.ExitCode;
