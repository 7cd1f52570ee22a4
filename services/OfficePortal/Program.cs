using EnterprisePortal.OfficePortal.Demo;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Database;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddDatabase("officeportal", typeof(Program).Assembly);
builder.AddDemoWorld();

var app = builder.Build();
app.UseServiceDefaults();
await app.RunAsync();
