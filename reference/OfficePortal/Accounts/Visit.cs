using EnterprisePortal.OfficePortal.SignIn;
using Microsoft.AspNetCore.Http.Features;

namespace EnterprisePortal.OfficePortal.Accounts;

/// <summary>A request's account and session. It outlives a failed handler, so that error pages know both.</summary>
public sealed class Visit(Account account)
{
    public Account Account { get; } = account;

    public Session? Session { get; set; }

    public static Visit Of(HttpContext http) => http.Features.GetRequiredFeature<Visit>();
}
