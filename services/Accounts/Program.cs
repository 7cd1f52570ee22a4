using EnterprisePortal.Accounts;
using EnterprisePortal.Accounts.Brand;
using EnterprisePortal.Accounts.Entry;
using EnterprisePortal.Accounts.Groups;
using EnterprisePortal.Accounts.Import;
using EnterprisePortal.Accounts.Onboarding;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Operations;

var builder = WebApplication.CreateBuilder(args);
if (args is [OperateCommand.Name, .. var act])
    return await builder.Operate("accounts", act);
if (args is ["import", ..])
    return await ImportCommand.Run(builder, args[1..]);

builder.AddPortalService<AccountsDb>("accounts");
builder.Services.AddValidation();
builder.AddPairing();
builder.Services.AddScoped<DirectoryChange>();
builder.Services.AddScoped<ConnectionTest>();
builder.Services.AddHostedService<CheckEntries>();

var app = builder.Build();
app.UsePortalService();

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

var brand = app.MapGroup("/api/brand").RequireAuthorization().WithTags("Brand");
GetBrand.Map(brand);
ChangeBrand.Map(brand);
ShowLogo.Map(app);

EnterAccount.Map(app);
await app.RunAsync();
return Environment.ExitCode;
