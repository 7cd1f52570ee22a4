using System.Security.Claims;
using EnterprisePortal.ServiceDefaults.Directory;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Identity;

/// <summary>What a provider says of the person who has just signed in there.</summary>
/// <param name="Subject">Google's <c>sub</c>; Microsoft's <c>oid</c>, which with the tenant in the issuer is the same in every application.</param>
/// <param name="Tenant">Microsoft's <c>tid</c>.</param>
/// <param name="Amr">How they proved it there, for the log.</param>
public sealed record ProviderIdentity(string Provider, string Issuer, string Subject, string Email, bool EmailVerified, string? Tenant,
    IReadOnlyList<string> Amr, string? Acr)
{
    public static ProviderIdentity From(string provider, ClaimsPrincipal claims) => new(provider,
        claims.FindFirstValue("iss")!,
        claims.FindFirstValue(provider == Providers.Microsoft ? "oid" : "sub") ?? throw new InvalidOperationException($"{provider} sent no subject."),
        (claims.FindFirstValue("email") ?? claims.FindFirstValue("preferred_username") ?? "").ToLowerInvariant(),
        claims.FindFirstValue("email_verified") == "true",
        claims.FindFirstValue("tid")?.ToLowerInvariant(),
        [.. claims.FindAll("amr").Select(claim => claim.Value)], claims.FindFirstValue("acr"));
}

/// <summary>
/// Whose identity this is, in each enterprise. Found by e-mail once, then pinned: whoever is given the address later is somebody else.
/// What makes an e-mail a proof: Google's own word that it is verified; at Microsoft the enterprise's trust in the tenant, whose
/// administrator can write any e-mail. So a tenant that one enterprise trusts is no proof for another.
/// </summary>
public sealed class LinkIdentity(IdentityDb db, DirectoryReplica directory)
{
    public const string Unknown = "unknown", Suspended = "suspended", Unverified = "unverified", Tenant = "tenant", Provider = "provider",
        Enterprise = "enterprise";

    /// <summary>Inside a transaction: the rows stay locked, so that a suspension comes either before the sign-in or after it.</summary>
    public async Task<Memberships> Find(ProviderIdentity identity, CancellationToken cancel)
    {
        // In one order for everybody: two sign-ins of one person at the same moment wait for each other, and not both for ever.
        var rows = await db.Users.FromSql(
            $"""
             select * from portal_user
             where (issuer = {identity.Issuer} and subject = {identity.Subject} or email = {identity.Email}) and status <> 'deleted'
             order by id for update
             """).ToListAsync(cancel);
        var trusting = identity.Provider != Providers.Microsoft ? [] : await db.Enterprises
            .Where(enterprise => enterprise.MicrosoftTenants.Contains(identity.Tenant!)).Select(enterprise => enterprise.Id).ToListAsync(cancel);

        var (welcome, kept) = (new List<PortalUser>(), new List<Memberships.Refused>());
        foreach (var inOne in rows.GroupBy(row => row.EnterpriseId))
        {
            // Asked of the locked rows: the same person's sign-in in another tab may have pinned one while this one waited for it.
            var user = inOne.SingleOrDefault(IsPinned) ?? inOne.Single();
            var pinned = IsPinned(user);
            var reason = identity.Provider == Providers.Google && !pinned && !identity.EmailVerified ? Unverified
                : identity.Provider == Providers.Microsoft && !trusting.Contains(user.EnterpriseId) ? Tenant
                // Invited to come with the other provider: this one's word for the e-mail is not the one that was asked for.
                : !pinned && (user.Subject is not null || user.Provider != identity.Provider) ? Unknown
                : user.Status == PortalUser.Suspended || directory.ReachOf(user.GroupId).Group is null ? Suspended
                : null;
            if (reason is not null)
            {
                kept.Add(new(user, reason, pinned || reason == Suspended));
                continue;
            }
            (user.Issuer, user.Subject) = (identity.Issuer, identity.Subject);
            welcome.Add(user);
        }
        return new(welcome, kept, identity.Provider switch
        {
            Providers.Google when !identity.EmailVerified => Unverified,
            Providers.Microsoft when trusting is [] => Tenant,
            _ => Unknown
        });

        bool IsPinned(PortalUser row) => row.Issuer == identity.Issuer && row.Subject == identity.Subject;
    }
}
