using EnterprisePortal.Accounts;
using EnterprisePortal.Accounts.Entry;
using EnterprisePortal.Accounts.Groups;
using EnterprisePortal.Accounts.Import;
using EnterprisePortal.Accounts.Onboarding;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.AccountApi;
using EnterprisePortal.ServiceDefaults.Database;
using EnterprisePortal.ServiceDefaults.Messaging;
using EnterprisePortal.ServiceDefaults.SignIn;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddDatabase<AccountsDb>("accounts");
if (args is ["import", ..])
    return await ImportEnterprise.Run(builder, args[1..]);

builder.AddSignInChecks("accounts");
builder.AddMessaging("accounts", typeof(Program).Assembly);
builder.AddAccountApi();
builder.Services.AddValidation();
builder.AddPairing();
builder.Services.AddScoped<DirectoryChange>();
builder.Services.AddScoped<ConnectionTest>();
builder.Services.AddHostedService<CheckEntries>();

var app = builder.Build();
app.UseServiceDefaults();
app.UseAuthentication();
app.UseAuthorization();

var accounts = app.MapGroup("/api/accounts").RequireAuthorization().WithTags("Accounts");
ListAccounts.Map(accounts);
GetAccount.Map(accounts);
EditAccount.Map(accounts);
ExportAccounts.Map(accounts);
StarAccount.Map(accounts);
RegisterAccount.Map(accounts);
TestConnection.Map(accounts);
RemoveAccount.Map(accounts);

var groups = app.MapGroup("/api/groups").RequireAuthorization().WithTags("Groups");
ListGroups.Map(groups);
CreateGroup.Map(groups);
EditGroup.Map(groups);
PreviewGroup.Map(groups);
ListEntryProblems.Map(groups);
AssignAccount.Map(groups);
UnassignAccount.Map(groups);

OpenAccount.Map(app);
await app.RunAsync();
return Environment.ExitCode;
