using System.Text.Json;
using Dapper;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.AuditLog;
using EnterprisePortal.OfficePortal.Entry;
using EnterprisePortal.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.OfficePortal.Pairing;

/// <summary>
/// <c>POST enterprise/pair</c>: the one call without a token. The portal that has the owner's code becomes the account's only portal. It
/// may lose the answer before saving it: the same request gets the same answer again, until the portal's first call with a token (<see
/// cref="AccountApi.AccountApiRoutes"/>) shows that it has the answer.
/// </summary>
public static class Pair
{
    public const string RateLimit = "pair";
    static readonly TimeSpan Repeatable = TimeSpan.FromHours(1);

    public static void Map(RouteGroupBuilder account) =>
        account.MapPost("/enterprise/pair", Handle).WithName(nameof(Pair)).RequireRateLimiting(RateLimit);

    static async Task<Results<Ok<PairResponse>, ValidationProblem, ProblemHttpResult>> Handle(
        PairRequest request,
        Account account,
        NpgsqlDataSource db,
        AccountKey key,
        AuditWriter audit,
        AccountDirectory accounts,
        IHostEnvironment environment,
        TimeProvider clock,
        CancellationToken cancel)
    {
        if (!Uri.TryCreate(request.Issuer, UriKind.Absolute, out var issuer)
            || issuer.Scheme != Uri.UriSchemeHttps && !(environment.IsDevelopment() && issuer.Scheme == Uri.UriSchemeHttp))
            return Refusal.Invalid("issuer", "The portal's address must be an https address.");
        if (string.IsNullOrWhiteSpace(request.ClientId) || string.IsNullOrWhiteSpace(request.EnterpriseName)
            || request.EnterpriseId == Guid.Empty)
            return Refusal.Invalid("enterpriseId", "The enterprise and the client id are needed.");

        if (!PlainText.IsPlain(request.EnterpriseName + request.ClientId))
            return Refusal.Invalid("enterpriseName", PlainTextAttribute.Words);

        var (hash, now) = (PairingCode.Hash(request.PairingCode ?? ""), clock.GetUtcNow());
        await using var connection = await db.OpenConnectionAsync(cancel);
        await using var all = await connection.BeginTransactionAsync(cancel);
        // The row is locked: of two requests with the code, one pairs.
        var row = await connection.QuerySingleAsync<Row>("""
            select name, owner, contact::text, locations::text,
              coalesce(pairing_code_hash = @hash and pairing_code_expires_at > @now, false) as right_code,
              coalesce(paired_code_hash = @hash and paired_code_until > @now
                and (issuer, enterprise_id, client_id) = (@Issuer, @EnterpriseId, @ClientId), false) as same_again,
              issuer, enterprise_id, client_key
            from account where code = @Code for update
            """, new { account.Code, hash, request.Issuer, request.EnterpriseId, request.ClientId, now });
        if (row.SameAgain)
            return Answer(account, row, key.PublicOf(account.Code, row.ClientKey!));
        if (!row.RightCode)
            return Refusal.Of("pairing-code",
                "The pairing code is wrong, was used before, or has expired. Ask the account's owner for a new one.",
                StatusCodes.Status403Forbidden);
        if (row.EnterpriseId is { } pinned && (pinned != request.EnterpriseId || row.Issuer != request.Issuer))
            return Refusal.Of("paired", "This account is paired with another enterprise.");

        var (stored, publicKeys) = key.Make(account.Code);
        await connection.ExecuteAsync("""
            update account set pairing_code_hash = null, pairing_code_expires_at = null, paired_code_hash = @hash,
              paired_code_until = @until, issuer = @Issuer, enterprise_id = @EnterpriseId,
              enterprise_name = @EnterpriseName, client_id = @ClientId, client_key = @stored,
              paired_at = case when enterprise_id = @EnterpriseId then paired_at else @now end where code = @Code
            """, new
        {
            account.Code,
            hash,
            until = now + Repeatable,
            request.Issuer,
            request.EnterpriseId,
            request.EnterpriseName,
            request.ClientId,
            stored,
            now
        });
        await audit.Write(connection, account, request.EnterpriseName, request.ClientId, null, "Paired with the Enterprise Portal",
            $"{request.EnterpriseName} at {request.Issuer}");
        await all.CommitAsync(cancel);
        accounts.Forget(account.Code);
        return Answer(account, row, publicKeys);
    }

    static Ok<PairResponse> Answer(Account account, Row row, string publicKeys) =>
        TypedResults.Ok(new PairResponse(account.Code, row.Name, row.Owner,
        Read<AccountContact>(row.Contact), Read<List<AccountLocation>>(row.Locations), account.TimeZone, account.Country, publicKeys));

    static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, JsonSerializerOptions.Web)!;

    sealed record Row(string Name, string Owner, string Contact, string Locations, bool RightCode, bool SameAgain, string? Issuer,
        Guid? EnterpriseId, string? ClientKey);
}
