using EnterprisePortal.Audit;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.AccountApi;
using EnterprisePortal.ServiceDefaults.Messaging;
using EnterprisePortal.ServiceDefaults.SignIn;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.Services.AddOptions<AuditOptions>().BindConfiguration("Audit").ValidateDataAnnotations().ValidateOnStart();
builder.Services.AddSingleton<SigningKey>();
builder.Services.AddSingleton<SignedHeads>();
builder.Services.AddSingleton<AppendToLog>();
builder.Services.AddSingleton<VerifyChain>();
builder.Services.AddSingleton<ArchiveMonths>();
if (args is ["verify" or "archive"])
    return await Commands.Run(builder, args[0]);
builder.AddAppendOnlyDatabase();
builder.AddSignInChecks("audit");
builder.AddMessaging("audit", typeof(RecordActivity).Assembly, bus => bus.AddConsumer<RecordActivity>((_, consumer) => RecordActivity.InBatches(consumer)));
builder.AddAccountApi();
builder.Services.AddValidation();
builder.Services.AddHostedService<PullAccountActivity>();
builder.Services.AddHostedService(services => services.GetRequiredService<ArchiveMonths>());

var app = builder.Build();
app.UseServiceDefaults();
app.UseAuthentication();
app.UseAuthorization();

var audit = app.MapGroup("/api/audit").RequireAuthorization();
ReadLog.Map(audit);
ExportLog.Map(audit);
VerifyChain.Map(audit);
await app.RunAsync();
return Environment.ExitCode;
