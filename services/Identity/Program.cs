using EnterprisePortal.Contracts.Http;
using EnterprisePortal.Identity;
using EnterprisePortal.Identity.Mail;
using EnterprisePortal.Identity.PersonalTokens;
using EnterprisePortal.Identity.Sessions;
using EnterprisePortal.Identity.Users;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Database;
using EnterprisePortal.ServiceDefaults.Messaging;
using EnterprisePortal.ServiceDefaults.Operations;
using EnterprisePortal.ServiceDefaults.Settings;
using EnterprisePortal.ServiceDefaults.SignIn;

var builder = WebApplication.CreateBuilder(args);
if (args is [OperateCommand.Name, .. var act])
    return await builder.Operate("identity", act);
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
// The id is that of the message, and tells its time (RFC 9562).
builder.AddWaiting(WaitingKind.Mail,
    """
    select recipient, to_timestamp(('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint / 1000.0),
      case when attempts > 0 then format('%s attempts, the next at %s UTC', attempts, to_char(due_at at time zone 'UTC', 'HH24:MI')) end
    from mail where sent_at is null order by id
    """, hasAddresses: true);
builder.AddConfirmSessions();
builder.Services.AddScoped<LinkIdentity>();
builder.Services.AddScoped<Operators>();
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
