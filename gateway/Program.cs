using EnterprisePortal.Gateway;
using EnterprisePortal.Gateway.Clients;
using EnterprisePortal.Gateway.Pages;
using EnterprisePortal.Gateway.Pages.Home;
using EnterprisePortal.Gateway.Pages.Operate;
using EnterprisePortal.Gateway.Security;
using EnterprisePortal.Gateway.Session;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Database;
using EnterprisePortal.ServiceDefaults.Messaging;
using EnterprisePortal.ServiceDefaults.Observability;
using EnterprisePortal.ServiceDefaults.Operations;

var builder = WebApplication.CreateBuilder(args);
if (args is [OperateCommand.Name, .. var act])
    return await builder.Operate("gateway", act);
if (args is [ProtectKeysCommand.Name])
    return await builder.ProtectKeys("gateway");

builder.AddServiceDefaults();
builder.AddPublicAddress("Portal:Url");
builder.AddEdge();
builder.AddDatabase("gateway", typeof(Program).Assembly);
builder.AddDataProtectionInDatabase("gateway");
builder.AddMessaging("gateway", typeof(Program).Assembly);
builder.AddGauge("portal.sessions.open", "{session}", "Browsers that are signed in.",
    "select count(*) from session where expires_at > now()");
builder.AddAccess();
builder.AddRateLimits();
builder.AddPortalSession();
builder.AddForwarding();
builder.AddServiceClients();
builder.AddCompression();
builder.Services.AddRazorComponents();

var app = builder.Build();
app.UseSecurityHeaders();
app.UseServiceDefaults(app.UseErrorPages);
app.UsePublicAddress();
app.UseRouting();
app.UseCompression();
app.UseAuthentication();
app.UseRateLimiter();
app.UseAuthorization();
app.UseAntiforgery();
app.UseFormRefusals();

app.MapStaticAssets().AllowAnonymous();
var pages = app.MapRazorComponents<Document>();
pages.RequireAccess();
pages.LimitPages();
app.MapOperateButtons();
app.MapSignOut();
app.MapWatchSession();
app.MapAppearance();
app.MapListColumns();
app.MapBranding();
app.MapPalette();
app.MapHomeParts();
app.MapSyncNow();
app.MapValidationButtons();
app.MapAccountButtons();
app.MapRunButtons();
app.MapLogDays();
app.MapPermissionButtons();
app.MapDocs();
app.MapNothing();
app.MapForwarding();
await app.RunAsync();
return Environment.ExitCode;
