using EnterprisePortal.DevSignIn;
using EnterprisePortal.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
// Anybody who can reach it can sign in as anybody.
if (!builder.Environment.IsDevelopment())
    throw new InvalidOperationException(
        $"DevSignIn stands in for Google and Microsoft on development machines. It does not start in {builder.Environment.EnvironmentName}.");
builder.AddServiceDefaults();
builder.Services.AddSingleton<People>();
builder.Services.AddSingleton<Tickets>();

var app = builder.Build();
app.UseServiceDefaults();
foreach (var provider in new Provider[] { new Google(), new MicrosoftEntra() })
{
    Discovery.Map(app, provider);
    Authorize.Map(app, provider);
    IssueToken.Map(app, provider);
}
ChangePerson.Map(app);
await app.RunAsync();
