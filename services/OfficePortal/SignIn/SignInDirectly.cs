using Dapper;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.AuditLog;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace EnterprisePortal.OfficePortal.SignIn;

/// <summary>Staff of the account itself, by e-mail and password. No red bar: they are at home.</summary>
public static class SignInDirectly
{
    public const string RateLimit = "sign-in";
    const int Attempts = 5;
    static readonly TimeSpan LockedFor = TimeSpan.FromMinutes(15);
    static readonly PasswordHasher<Account> Hasher = new();
    // An unknown e-mail takes as long as a wrong password.
    static readonly string Nobody = Hasher.HashPassword(null!, Guid.CreateVersion7().ToString());

    /// <summary>Passwords are hashed in one way only; the demo world and staff administration use this.</summary>
    public static string Hash(string password) => Hasher.HashPassword(null!, password);

    public static void Map(RouteGroupBuilder account)
    {
        account.MapGet("/sign-in", (string? returnUrl) => Page(null, null, returnUrl)).ExcludeFromDescription();
        account.MapPost("/sign-in", Handle).RequireRateLimiting(RateLimit).ExcludeFromDescription();
    }

    static async Task<Results<RedirectHttpResult, RazorComponentResult<SignInPage>>> Handle(
        Account account, [FromForm] string? email, [FromForm] string? password, [FromForm] string? returnUrl,
        HttpContext http, Sessions sessions, NpgsqlDataSource db, AuditWriter audit, TimeProvider clock)
    {
        email = (email ?? "").Trim().ToLowerInvariant();
        await using var connection = await db.OpenConnectionAsync(http.RequestAborted);
        var now = clock.GetUtcNow();
        var staff = await connection.QuerySingleOrDefaultAsync<Row>("""
            select name, password_hash, active, coalesce(locked_until > @now, false) as locked from staff where account = @Code and email = @email
            """, new { account.Code, email, now });

        var known = staff?.PasswordHash is not null;
        var right = Hasher.VerifyHashedPassword(null!, known ? staff!.PasswordHash! : Nobody, password ?? "") != PasswordVerificationResult.Failed;
        if (staff is { Locked: true })
            return Page("Too many attempts. Wait a quarter of an hour, or ask the account's owner to unlock you.", email, returnUrl);
        if (!known || !right)
        {
            if (staff is not null)
                await Failed(connection, account, email, staff.Name, now, audit);
            return Page("The e-mail or the password is wrong.", email, returnUrl);
        }
        if (!staff!.Active)
            return Page("You are set inactive in this account. Ask the account's owner.", email, returnUrl);

        await connection.ExecuteAsync("update staff set failed_sign_ins = 0, locked_until = null where account = @Code and email = @email", new { account.Code, email });
        await sessions.Start(http, account, email, staff.Name, null);
        return TypedResults.Redirect(Inside(account, returnUrl));
    }

    static async Task Failed(NpgsqlConnection connection, Account account, string email, string name, DateTimeOffset now, AuditWriter audit)
    {
        // Counted by the database: simultaneous guesses all count.
        var locked = await connection.ExecuteScalarAsync<bool>("""
            update staff set failed_sign_ins = case when failed_sign_ins + 1 >= @Attempts then 0 else failed_sign_ins + 1 end,
              locked_until = case when failed_sign_ins + 1 >= @Attempts then @until else locked_until end
            where account = @Code and email = @email
            returning coalesce(locked_until > @now, false)
            """, new { account.Code, email, Attempts, now, until = now + LockedFor });
        await audit.Write(connection, account, name, email, null, locked ? "Locked out after repeated failed sign-ins" : "Sign-in failed", $"Staff user {email}");
    }

    /// <summary>Back to where they wanted to go, if that is a page of this account.</summary>
    static string Inside(Account account, string? returnUrl) =>
        returnUrl is not null && (returnUrl == $"/{account.Code}" || returnUrl.StartsWith($"/{account.Code}/", StringComparison.Ordinal))
            && !returnUrl.Contains('\\', StringComparison.Ordinal) ? returnUrl : $"/{account.Code}";

    static RazorComponentResult<SignInPage> Page(string? problem, string? email, string? returnUrl) =>
        new(new { Problem = problem, Email = email, ReturnUrl = returnUrl }) { StatusCode = problem is null ? 200 : StatusCodes.Status422UnprocessableEntity };

    sealed record Row(string Name, string? PasswordHash, bool Active, bool Locked);
}
