using EnterprisePortal.Audit;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Database;
using EnterprisePortal.ServiceDefaults.Messaging;
using EnterprisePortal.ServiceDefaults.SignIn;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddDatabase("audit", typeof(RecordActivity).Assembly);
builder.AddSignInChecks("audit");
builder.AddMessaging("audit", typeof(RecordActivity).Assembly);
builder.Services.AddValidation();

var app = builder.Build();
app.UseServiceDefaults();
app.UseAuthentication();
app.UseAuthorization();

var audit = app.MapGroup("/api/audit").RequireAuthorization();
ReadLog.Map(audit);
await app.RunAsync();
