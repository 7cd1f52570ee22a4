using Dapper;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.AuditLog;
using EnterprisePortal.ServiceDefaults.Requests;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace EnterprisePortal.OfficePortal.SignIn;

/// <summary>Staff of the account itself sign in by e-mail and password. No red bar: they are at home.</summary>
public static class SignInDirectly
{
    public const string RateLimit = "sign-in";
    static readonly PasswordHasher<Account> Hasher = new();
    // An unknown e-mail takes as long as a wrong password.
    static readonly string UnknownUserHash = Hasher.HashPassword(null!, Guid.CreateVersion7().ToString());

    /// <summary>Passwords are hashed in one way only; the demo world and staff administration use this.</summary>
    public static string Hash(string password) => Hasher.HashPassword(null!, password);

    public static void Map(RouteGroupBuilder account)
    {
        account.MapGet("/sign-in", (string? returnUrl) => Page(null, null, returnUrl)).ExcludeFromDescription();
        account.MapPost("/sign-in", Handle).RequireRateLimiting(RateLimit).ExcludeFromDescription();
    }

    static async Task<Results<RedirectHttpResult, RazorComponentResult<SignInPage>>> Handle(
        Account account, [FromForm] string? email, [FromForm] string? password, [FromForm] string? returnUrl,
        HttpContext http, SignInAttempts attempts, Sessions sessions, NpgsqlDataSource db, AuditWriter audit, TimeProvider clock)
    {
        email = (email ?? "").Trim().ToLowerInvariant();
        var address = ClientAddress.Of(http);
        if (!await attempts.Begin(account, email, address, http.RequestAborted))
            return Page("Too many attempts. Wait a quarter of an hour, or ask the account's owner to unlock you.", email, returnUrl);
        await using var connection = await db.OpenConnectionAsync(http.RequestAborted);
        var staff = await connection.QuerySingleOrDefaultAsync<Row>("""
            select name, password_hash, active, coalesce(locked_until > @now, false) as locked from staff
              where account = @Code and email = @email
            """, new { account.Code, email, now = clock.GetUtcNow() });

        // A staff user without a password is treated as unknown: the portal enters as them, and nobody signs in.
        var known = staff?.PasswordHash is not null;
        var right = Hasher.VerifyHashedPassword(
            null!, known ? staff!.PasswordHash! : UnknownUserHash, password ?? "") != PasswordVerificationResult.Failed;
        if (!known || !right)
        {
            // Logged for unknown e-mails too, without what was typed, so that both take the same time.
            await audit.Write(connection, account, known ? staff!.Name : "Unknown", known ? email : "", null, "Sign-in failed",
                known ? $"Staff user {email}" : "No staff user with a password has this e-mail");
            return Page("The e-mail or the password is wrong.", email, returnUrl);
        }
        if (!staff!.Active)
            return Page("You are set inactive in this account. Ask the account's owner.", email, returnUrl);
        if (staff.Locked)
            return Page("You are locked out of this account. Ask the account's owner to unlock you.", email, returnUrl);

        await attempts.Succeeded(account, email, address);
        await sessions.Start(http, account, email, staff.Name, null);
        return TypedResults.Redirect(Inside(account, returnUrl));
    }

    /// <summary>Back to the page they wanted, if it belongs to this account.</summary>
    static string Inside(Account account, string? returnUrl) =>
        LocalAddress.Read(returnUrl) is { } page && $"{page}/".StartsWith($"/{account.Code}/", StringComparison.Ordinal)
            ? page : $"/{account.Code}";

    static RazorComponentResult<SignInPage> Page(string? problem, string? email, string? returnUrl) =>
        new(new { Problem = problem, Email = email, ReturnUrl = returnUrl })
            { StatusCode = problem is null ? 200 : StatusCodes.Status422UnprocessableEntity };

    sealed record Row(string Name, string? PasswordHash, bool Active, bool Locked);
}
