using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.AuditLog;
using EnterprisePortal.OfficePortal.Demo;
using EnterprisePortal.OfficePortal.Faults;
using EnterprisePortal.OfficePortal.Home;
using EnterprisePortal.OfficePortal.Import;
using EnterprisePortal.OfficePortal.Layout;
using EnterprisePortal.OfficePortal.SignIn;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Database;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddDatabase("officeportal", typeof(Program).Assembly);
if (args is ["import", .. var rest])
    return await ImportFamilies.Run(builder, rest);
builder.AddPages();
builder.AddDemoWorld();
builder.Services.AddSingleton<AccountDirectory>();
builder.Services.AddSingleton<Sessions>();
builder.Services.AddSingleton<AuditWriter>();

var app = builder.Build();
app.UseAccountFaults();
app.UseServiceDefaults();
app.UsePages();
AccountFaults.Map(app);

var account = app.MapGroup("/{account}");
SignInDirectly.Map(account);

var staff = account.MapStaffOnly();
ShowHome.Map(staff);
SignOut.Map(staff);

await app.RunAsync();
return 0;
