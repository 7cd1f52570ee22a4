using EnterprisePortal.OfficePortal.SignIn;
using Microsoft.AspNetCore.Http.Features;

namespace EnterprisePortal.OfficePortal.Accounts;

/// <summary>Where a request is and who makes it. It outlives a failed handler, so that error pages know both.</summary>
public sealed class Visit(Account account)
{
    public Account Account { get; } = account;

    public Session? Session { get; set; }

    public static Visit Of(HttpContext http) => http.Features.GetRequiredFeature<Visit>();
}
