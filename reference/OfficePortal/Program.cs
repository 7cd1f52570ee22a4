using EnterprisePortal.OfficePortal.AccountApi;
using EnterprisePortal.OfficePortal.AuditLog;
using EnterprisePortal.OfficePortal.BackgroundTasks;
using EnterprisePortal.OfficePortal.Classes;
using EnterprisePortal.OfficePortal.Communications;
using EnterprisePortal.OfficePortal.Demo;
using EnterprisePortal.OfficePortal.Enrollment;
using EnterprisePortal.OfficePortal.Entry;
using EnterprisePortal.OfficePortal.Families;
using EnterprisePortal.OfficePortal.Faults;
using EnterprisePortal.OfficePortal.Home;
using EnterprisePortal.OfficePortal.Import;
using EnterprisePortal.OfficePortal.Kiosk;
using EnterprisePortal.OfficePortal.Layout;
using EnterprisePortal.OfficePortal.Ledger;
using EnterprisePortal.OfficePortal.MobileApp;
using EnterprisePortal.OfficePortal.Pairing;
using EnterprisePortal.OfficePortal.PointOfSale;
using EnterprisePortal.OfficePortal.Policies;
using EnterprisePortal.OfficePortal.Reports;
using EnterprisePortal.OfficePortal.Restrictions;
using EnterprisePortal.OfficePortal.Settings;
using EnterprisePortal.OfficePortal.SignIn;
using EnterprisePortal.OfficePortal.Staff;
using EnterprisePortal.OfficePortal.StaffPortal;
using EnterprisePortal.OfficePortal.Students;
using EnterprisePortal.OfficePortal.TimeClock;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Database;

var builder = WebApplication.CreateBuilder(args);
if (args is ["import", .. var rest])
    return await ImportFamilies.Run(builder.Configuration, rest);
if (args is ["new-account", .. var named])
    return await CreateAccount.Run(builder.Configuration, named);
if (args is [ProtectKeysCommand.Name])
    return await builder.ProtectKeys("officeportal");

builder.AddServiceDefaults();
builder.AddDatabase("officeportal", typeof(Program).Assembly);
builder.AddDataProtectionInDatabase("OfficePortal");
builder.AddPublicAddress("Office:Url");
builder.AddPages();
builder.AddDemoWorld();
builder.AddSignIn();
builder.AddEntry();
builder.AddReports();
builder.Services.AddSingleton<AccountFaults.Modes>();

var app = builder.Build();
app.UseAccountFaults();
app.UseServiceDefaults(app.UseSafeHeaders);
app.UsePublicAddress();
app.UsePages();
AccountFaults.Map(app);
ImportFamilies.Map(app);
CreateAccount.Map(app);

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
ApplyRestrictions.Map(api);
PreviewRestrictions.Map(api);
ExplainPermission.Map(api);
Release.Map(api);

var signedIn = account.MapStaffOnly();
ShowHome.Map(signedIn);
SignOut.Map(signedIn);
signedIn.MapOpenApi();
CheckIn.Map(signedIn);
ClockInAndOut.Map(signedIn);
ShowWeek.Map(signedIn);

var staffPortal = signedIn.MapStaffPortal();
ShowClasses.Map(staffPortal);
TakeAttendance.Map(staffPortal);

var staff = signedIn.MapOfficePortal();
FindFamilies.Map(staff);
ShowFamily.Map(staff);
EditFamily.Map(staff);
EraseFamily.Map(staff);
EnrollStudent.Map(staff);
DropStudent.Map(staff);
AddCharge.Map(staff);
DeleteCharge.Map(staff);
TakePayment.Map(staff);
UndoPayment.Map(staff);
ListStudents.Map(staff);
ListClasses.Map(staff);
SellItem.Map(staff);
ContactList.Map(staff);
ShowPolicies.Map(staff);
ListStaff.Map(staff);
ShowStaff.Map(staff);
EditStaff.Map(staff);
OpenReport.Map(staff);
ListTasks.Map(staff);
ShowTask.Map(staff);
CancelTask.Map(staff);
ListNames.Map(staff);
EnterprisePortalSettings.Map(staff);
ShowAuditLog.Map(staff);

await app.RunAsync();
return 0;
