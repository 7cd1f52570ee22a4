using EnterprisePortal.Gateway.Security;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Requests;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Gateway.Pages;

/// <summary>
/// Which columns of a long list a person wants to see, kept as <see cref="Appearance"/> is. The cookie names those that are hidden, so that
/// a new column is seen. What a row is about cannot be hidden.
/// </summary>
public static class ListColumns
{
    public const string Accounts = "accounts", AuditLog = "audit-log";

    static readonly Dictionary<string, (string Key, string Words)[]> all = new()
    {
        [Accounts] = [("groups", "Groups"), ("owner", "Owner"), ("contact", "Contact"), ("locations", "Locations"), ("health", "Health"),
            ("sync", "Last sync")],
        [AuditLog] = [("action", "Action"), ("subject", "Subject"), ("account", "Account"), ("details", "Details")]
    };

    public static IReadOnlyList<(string Key, string Words)> Of(string list) => all[list];

    public static void MapListColumns(this WebApplication app) => app.MapForm("/columns/{list}", Handle).WithName(nameof(ListColumns));

    public static IReadOnlySet<string> Hidden(HttpContext http, string list) =>
        (http.Request.Cookies[http.CookieName(CookieOf(list))] ?? "").Split('.').ToHashSet();

    static async Task<Results<RedirectHttpResult, NotFound, ProblemHttpResult>> Handle(
        string list, HttpContext http, IAntiforgery antiforgery)
    {
        if (!await Csrf.IsOurs(http, antiforgery))
            return Csrf.Refusal;
        if (!all.TryGetValue(list, out var columns))
            return TypedResults.NotFound();
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var hidden = columns.Select(column => column.Key).Except(form["column"].OfType<string>());
        http.Response.Cookies.Append(http.CookieName(CookieOf(list)), string.Join('.', hidden), new()
        {
            HttpOnly = true, IsEssential = true, SameSite = SameSiteMode.Lax, Secure = http.IsCookieSecure(),
            MaxAge = TimeSpan.FromDays(365)
        });
        return TypedResults.Redirect(LocalAddress.Read(form["back"]) ?? LocalAddress.Home);
    }

    static string CookieOf(string list) => $"portal.columns.{list}";
}
