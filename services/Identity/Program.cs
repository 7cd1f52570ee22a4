using EnterprisePortal.Identity;
using EnterprisePortal.Identity.Mail;
using EnterprisePortal.Identity.PersonalTokens;
using EnterprisePortal.Identity.Sessions;
using EnterprisePortal.Identity.Users;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Database;
using EnterprisePortal.ServiceDefaults.Messaging;
using EnterprisePortal.ServiceDefaults.Settings;
using EnterprisePortal.ServiceDefaults.SignIn;

var builder = WebApplication.CreateBuilder(args);
if (args is [ProtectKeysCommand.Name])
    return await builder.ProtectKeys("identity");

builder.AddServiceDefaults();
builder.AddDatabase<IdentityDb>("identity");
builder.AddDataProtectionInDatabase("identity");
builder.AddSignInChecks("identity");
builder.AddProviders();
builder.AddAuthorizationServer();
builder.Services.AddHostedService<RegisterClients>();
builder.AddMessaging("identity", typeof(Program).Assembly);
builder.AddLogOutOfAccounts();
builder.Services.AddHostedService<ForgetOldTokens>();
builder.AddSettings<MailOptions>("Mail");
builder.Services.AddSingleton<MailServer>();
builder.Services.AddHostedService<DeliverMail>();
builder.AddConfirmSessions();
builder.Services.AddScoped<LinkIdentity>();
builder.Services.AddScoped<BeginSession>();
builder.Services.AddScoped<Admission>();
builder.Services.AddScoped<UserChange>();
builder.Services.AddScoped<EndSession.RecordedEnding>();
builder.Services.AddScoped<ExchangeToken>();
builder.Services.AddValidation();

var app = builder.Build();
app.UsePortalAddress();
app.UsePortalService();
Authorize.Map(app);
ChooseEnterprise.Map(app);
IssueToken.Map(app);
SignOut.Map(app);

var me = app.MapGroup("/api/me").RequireAuthorization();
ShowMe.Map(me);
ListEnterprises.Map(me);
var users = app.MapGroup("/api/users").RequireAuthorization(Policies.Admin);
ListUsers.Map(users);
GetUser.Map(users);
InviteUser.Map(users);
ChangeUser.Map(users);
DeleteUser.Map(users);
ListSessions.Map(users, me);
EndSession.Map(users, me);
ListTokens.Map(users, me);
CreateToken.Map(me);
RevokeToken.Map(users, me);

await app.RunAsync();
return Environment.ExitCode;
