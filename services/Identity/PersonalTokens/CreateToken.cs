using EnterprisePortal.Contracts;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Activities;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Identity.PersonalTokens;

/// <summary>For the caller. The secret is shown in this answer only; a repeated request makes another token.</summary>
public static class CreateToken
{
    const int Most = 20;

    /// <summary>What a token may open, and the service that it is then for.</summary>
    public static readonly IReadOnlyDictionary<string, string> Scopes = new Dictionary<string, string>
    {
        [Policies.FeedNames] = PortalServices.Search, [Policies.FeedReports] = PortalServices.Reports
    };

    public static void Map(RouteGroupBuilder me) => me.MapPost("/tokens", Handle).WithName(nameof(CreateToken));

    static async Task<Results<Created<CreatedToken>, ValidationProblem, ProblemHttpResult>> Handle(
        NewToken body,
        IdentityDb db,
        Person person,
        ActivityRecorder activities,
        TimeProvider clock,
        CancellationToken cancel)
    {
        if (string.IsNullOrWhiteSpace(body.Name))
            return Refusal.Invalid("name", "Give the token a name, so that you can recognize it.");
        if (body.Scopes.Any(scope => scope is null || !Scopes.ContainsKey(scope)))
            return Refusal.Invalid("scopes", $"A token may have the scopes {string.Join(" and ", Scopes.Keys)}.");
        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        // The row stays locked: of two simultaneous requests for the twentieth token one is refused, and a suspension comes before this or
        // sees it.
        var user = (await db.Users.FromSql($"select * from portal_user where id = {person.Id} for update").ToListAsync(cancel))
            .SingleOrDefault();
        if (user is not { Status: PortalUser.Active })
            return Refusal.Of("not-active", "Your access has ended.", StatusCodes.Status403Forbidden);
        if (await db.PersonalTokens.CountAsync(
            one => one.UserId == person.Id && one.RevokedAt == null && one.ExpiresAt > now, cancel) >= Most)
            return Refusal.Of("too-many-tokens", $"You have {Most} tokens. Revoke one that you no longer need.");

        var secret = PersonalToken.NewSecret();
        var token = new PersonalToken
        {
            UserId = person.Id, Name = body.Name.Trim(), Scopes = [.. body.Scopes.Distinct().Order(StringComparer.Ordinal)],
            SecretHash = PersonalToken.Hash(secret),
            CreatedAt = now, ExpiresAt = now.AddDays(body.Days)
        };
        db.Add(token);
        db.Publish(activities.Of(person, AuditActions.TokenCreated, token.Name, details: new { token.Scopes, token.ExpiresAt }));
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return TypedResults.Created($"/api/me/tokens/{token.Id}", new CreatedToken(TokenItem.Of(token, now), secret));
    }
}
