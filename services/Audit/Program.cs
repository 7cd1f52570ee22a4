using EnterprisePortal.Audit;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Database;
using EnterprisePortal.ServiceDefaults.Messaging;
using EnterprisePortal.ServiceDefaults.SignIn;
using Npgsql;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddDatabase("audit", typeof(RecordActivity).Assembly);
if (args is ["verify"])
{
    await using var verifier = builder.Build();
    return await VerifyChain.Run(verifier.Services.GetRequiredService<NpgsqlDataSource>(), CancellationToken.None);
}
builder.AddSignInChecks("audit");
builder.AddMessaging("audit", typeof(RecordActivity).Assembly);
builder.Services.AddValidation();

var app = builder.Build();
app.UseServiceDefaults();
app.UseAuthentication();
app.UseAuthorization();

var audit = app.MapGroup("/api/audit").RequireAuthorization();
ReadLog.Map(audit);
VerifyChain.Map(audit);
await app.RunAsync();
return 0;
