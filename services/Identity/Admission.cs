using System.Collections.Immutable;
using System.Security.Claims;
using EnterprisePortal.Contracts;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.Identity.Sessions;
using EnterprisePortal.ServiceDefaults.AccountApi;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace EnterprisePortal.Identity;

/// <summary>
/// Decides who may have a token now, and what it says. Called at every authorize and every refresh, so that a change takes effect after
/// five minutes at the latest, and mostly at once (<see cref="SessionEnding"/>).
/// </summary>
public sealed class Admission(IdentityDb db, DirectoryReplica directory, Operators operators, TimeProvider clock)
{
    public const string AccountClients = "account-";

    /// <summary>A claim for the gateway only: the person also belongs to other enterprises, and can switch.</summary>
    const string ElsewhereClaim = "elsewhere";

    public async Task<Session?> OpenSession(string? sid, CancellationToken cancel)
    {
        var oldest = clock.GetUtcNow() - PortalSessions.Life;
        return Guid.TryParse(sid, out var id)
            ? await db.Sessions.Include(session => session.User).SingleOrDefaultAsync(
                session => session.Id == id && session.EndedAt == null && session.StartedAt > oldest
                    && session.User.Status == PortalUser.Active, cancel)
            : null;
    }

    /// <returns>The account that the client is; null for the portal's own clients.</returns>
    public static string? AccountOf(string client) =>
        client.StartsWith(AccountClients, StringComparison.Ordinal) ? client[AccountClients.Length..] : null;

    /// <returns>The token's content, or the reason for none, in words. An account out of reach is refused like one that does not
    /// exist.</returns>
    public async Task<(ClaimsPrincipal? Principal, string? Refusal)> Admit(Session session, string client, ImmutableArray<string> scopes,
        CancellationToken cancel)
    {
        var (user, account) = (session.User, AccountOf(client));
        if (user.Level == OperatorRole.Level)
            return AdmitOperator(user, session, client, scopes);
        var reach = directory.ReachOf(user.GroupId);
        var loginAs = reach.Enterprise?.LoginAs(user.GroupId, user.Level == Person.Admin, user.StaffEmail);
        var refusal = reach.Enterprise is null ? "Your group is not active."
            : account is null ? null
            : reach.Accounts.GetValueOrDefault(account) is not { } entered ? "There is no such account for you."
            : entered.Status != AccountState.Active ? EntryProblem.InWords(entered.Status, null)
            : loginAs is null ? EntryProblem.InWords(EntryProblem.NoLoginAs, null)
            : null;
        if (refusal is not null)
            return (null, refusal);

        var identity = new ClaimsIdentity("portal", "name", "level");
        identity.SetClaim(Claims.Subject, user.Id.ToString()).SetClaim("name", user.Name).SetClaim("email", user.Email)
            .SetClaim("level", user.Level)
            .SetClaim("group", user.GroupId.ToString()).SetClaim("sid", session.Id.ToString());
        if (account is null)
            identity.SetClaim("staff_email", user.StaffEmail).SetClaim(ElsewhereClaim, await IsElsewhere(user, cancel))
                .SetResources(PortalServices.All);
        else
            identity.SetClaim("enterprise", reach.Enterprise!.Id.ToString()).SetClaim("enterprise_name", reach.Enterprise.Brand?.Name)
                .SetClaim("login_as", loginAs);
        // The scope lets an account start report runs as the person, and nothing else: every other address refuses such a token.
        var startsRuns = account is not null && scopes.Contains(Policies.RunsStart);
        if (startsRuns)
            identity.SetClaim("staff_email", user.StaffEmail).SetResources(PortalServices.Reports);
        identity.SetScopes(scopes);
        identity.SetDestinations(claim => claim.Type switch
        {
            Claims.Subject or "sid" => [Destinations.AccessToken, Destinations.IdentityToken],
            "staff_email" or ElsewhereClaim => [Destinations.AccessToken],
            "enterprise" or "enterprise_name" or "login_as" => [Destinations.IdentityToken],
            // The id token tells an account who enters. Its access token has no audience, so no service accepts it as a person's.
            _ when account is not null && !startsRuns => [Destinations.IdentityToken],
            _ => [Destinations.AccessToken, Destinations.IdentityToken]
        });
        return (new(identity), null);
    }

    /// <summary>For the portal's own pages: no account, no program of theirs, and no group.</summary>
    (ClaimsPrincipal? Principal, string? Refusal) AdmitOperator(PortalUser user, Session session, string client,
        ImmutableArray<string> scopes)
    {
        if (client != PortalServices.Gateway)
            return (null, "There is no such account for you.");
        if (!operators.Includes(user.Email))
            return (null, "You are not an operator any more.");
        var identity = new ClaimsIdentity("portal", "name", "level");
        identity.SetClaim(Claims.Subject, user.Id.ToString()).SetClaim("name", user.Name).SetClaim("email", user.Email)
            .SetClaim("level", user.Level).SetClaim("sid", session.Id.ToString())
            .SetScopes(scopes).SetResources(PortalServices.All);
        identity.SetDestinations(claim => [Destinations.AccessToken, Destinations.IdentityToken]);
        return (new(identity), null);
    }

    async Task<string?> IsElsewhere(PortalUser user, CancellationToken cancel) => user is { Issuer: { } issuer, Subject: { } subject }
        && await db.MembershipsOf(issuer, subject).AnyAsync(other => other.Id != user.Id, cancel) ? "true" : null;
}
