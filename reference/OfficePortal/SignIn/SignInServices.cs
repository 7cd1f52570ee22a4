using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.AuditLog;
using EnterprisePortal.OfficePortal.Entry;

namespace EnterprisePortal.OfficePortal.SignIn;

static class SignInServices
{
    public static void AddSignIn(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<AccountDirectory>();
        builder.Services.AddSingleton<Office>();
        builder.Services.AddSingleton<AuditWriter>();
        builder.Services.AddSingleton<SignInAttempts>();
        builder.Services.AddSingleton<Sessions>();
        builder.Services.AddSingleton<EndSessions>();
        builder.Services.AddHostedService<EndDeadSessions>();
    }

    public static void AddEntry(this WebApplicationBuilder builder)
    {
        builder.Services.AddHttpClient(PortalIssuers.Client);
        builder.Services.AddSingleton<PortalIssuers>();
        builder.Services.AddSingleton<AccountKey>();
        builder.Services.AddSingleton<CodeExchange>();
    }
}
