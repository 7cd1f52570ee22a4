using EnterprisePortal.OfficePortal.AccountApi;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.AuditLog;
using EnterprisePortal.OfficePortal.BackgroundTasks;
using EnterprisePortal.OfficePortal.Demo;
using EnterprisePortal.OfficePortal.Entry;
using EnterprisePortal.OfficePortal.Families;
using EnterprisePortal.OfficePortal.Faults;
using EnterprisePortal.OfficePortal.Home;
using EnterprisePortal.OfficePortal.Import;
using EnterprisePortal.OfficePortal.Layout;
using EnterprisePortal.OfficePortal.Pairing;
using EnterprisePortal.OfficePortal.Reports;
using EnterprisePortal.OfficePortal.Restrictions;
using EnterprisePortal.OfficePortal.Settings;
using EnterprisePortal.OfficePortal.SignIn;
using EnterprisePortal.OfficePortal.Staff;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Database;

var builder = WebApplication.CreateBuilder(args);
if (args is ["import", .. var rest])
    return await ImportFamilies.Run(builder.Configuration, rest);
builder.AddServiceDefaults();
builder.AddDatabase("officeportal", typeof(Program).Assembly);
builder.AddPages();
builder.AddDemoWorld();
builder.AddSignIn();
builder.AddEntry();
builder.AddReports();

var app = builder.Build();
app.UseAccountFaults();
app.UseServiceDefaults();
app.UsePages();
AccountFaults.Map(app);
ImportFamilies.Map(app);

var account = app.MapGroup("/{account}");
SignInDirectly.Map(account);
StartEntry.Map(account);
FinishEntry.Map(account);
LogOut.Map(account);
Pair.Map(account);

var api = account.MapAccountApi();
ReadSnapshot.Map(api);
FollowChanges.Map(api);
FindByPhone.Map(api);
CheckEnrollment.Map(api);
ReadStaff.Map(api);
StartReport.Map(api);
ReadTask.Map(api);
ReadAuditLog.Map(api);
TakeRestrictions.Map(api);
PreviewRestrictions.Map(api);
ExplainPermission.Map(api);

var staff = account.MapStaffOnly();
ShowHome.Map(staff);
FindFamilies.Map(staff);
ShowFamily.Map(staff);
ListStaff.Map(staff);
ShowStaff.Map(staff);
OpenReport.Map(staff);
ListTasks.Map(staff);
ShowTask.Map(staff);
CancelTask.Map(staff);
ListNames.Map(staff);
EnterprisePortalSettings.Map(staff);
ShowAuditLog.Map(staff);
SignOut.Map(staff);

await app.RunAsync();
return 0;
