using EnterprisePortal.Identity;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Database;
using EnterprisePortal.ServiceDefaults.Messaging;
using EnterprisePortal.ServiceDefaults.SignIn;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddDatabase<IdentityDb>("identity");
builder.AddSignInChecks("identity");
builder.AddProviders();
builder.AddAuthorizationServer();
builder.Services.AddHostedService<RegisterClients>();
builder.AddMessaging("identity", typeof(Program).Assembly);
builder.AddLogOutOfAccounts();
builder.Services.AddHostedService<ForgetOldTokens>();
builder.Services.AddScoped<LinkIdentity>();
builder.Services.AddScoped<Admission>();
builder.Services.AddValidation();

var app = builder.Build();
app.UsePortalAddress();
app.UseServiceDefaults();
app.UseAuthentication();
app.UseAuthorization();
Authorize.Map(app);
IssueToken.Map(app);
SignOut.Map(app);
ShowMe.Map(app);
await app.RunAsync();

public partial class Program;
