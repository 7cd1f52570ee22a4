using System.Security.Claims;
using EnterprisePortal.Contracts;
using EnterprisePortal.ServiceDefaults.Directory;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Identity;

/// <summary>A provider's statement about the person who has just signed in there.</summary>
/// <param name="Subject">Google's <c>sub</c>; Microsoft's <c>oid</c>, which together with the tenant in the issuer is the same in every
/// application.</param>
/// <param name="Tenant">Microsoft's <c>tid</c>.</param>
/// <param name="Amr">How the person authenticated there, for the log.</param>
public sealed record ProviderIdentity(string Provider, string Issuer, string Subject, string Email, bool EmailVerified, string? Tenant,
    IReadOnlyList<string> Amr, string? Acr)
{
    public static ProviderIdentity From(string provider, ClaimsPrincipal claims) => new(provider,
        claims.FindFirstValue("iss")!,
        claims.FindFirstValue(provider == Providers.Microsoft ? "oid" : "sub")
            ?? throw new InvalidOperationException($"{provider} sent no subject."),
        (claims.FindFirstValue("email") ?? claims.FindFirstValue("preferred_username") ?? "").ToLowerInvariant(),
        claims.FindFirstValue("email_verified") == "true",
        claims.FindFirstValue("tid")?.ToLowerInvariant(),
        [.. claims.FindAll("amr").Select(claim => claim.Value)], claims.FindFirstValue("acr"));
}

/// <summary>
/// Finds the user of an identity, in each enterprise. A user is found by e-mail once, then pinned: a later owner of the address is somebody
/// else. An e-mail is proof if Google states that it is verified, or, from Microsoft, if the enterprise trusts the tenant, whose
/// administrator can set any e-mail. So a tenant trusted by one enterprise proves nothing in another.
/// </summary>
public sealed class LinkIdentity(IdentityDb db, DirectoryReplica directory)
{
    public const string Unknown = "unknown", Suspended = "suspended", Unverified = "unverified", Tenant = "tenant", Provider = "provider",
        Enterprise = "enterprise";

    /// <summary>
    /// Call inside a transaction: the rows stay locked, so that a suspension comes either before the sign-in or after it.
    /// </summary>
    public async Task<Memberships> Find(ProviderIdentity identity, CancellationToken cancel)
    {
        // Always in the same order, so that two simultaneous sign-ins of one person cannot deadlock.
        var rows = await db.Users.FromSql(
            $"""
             select * from portal_user
             where (issuer = {identity.Issuer} and subject = {identity.Subject} or email = {identity.Email}) and status <> 'deleted'
               and level <> {OperatorRole.Level}
             order by id for update
             """).ToListAsync(cancel);
        var trusting = identity.Provider != Providers.Microsoft ? [] : await db.Enterprises
            .Where(enterprise => enterprise.MicrosoftTenants.Contains(identity.Tenant!)).Select(enterprise => enterprise.Id)
            .ToListAsync(cancel);

        var (welcome, kept) = (new List<PortalUser>(), new List<Memberships.Refused>());
        foreach (var inOne in rows.GroupBy(row => row.EnterpriseId))
        {
            // Reads the locked rows: while this sign-in waited, the same person's sign-in in another tab may have pinned one.
            var user = inOne.SingleOrDefault(IsPinned) ?? inOne.Single();
            var pinned = IsPinned(user);
            var reason = identity.Provider == Providers.Google && !pinned && !identity.EmailVerified ? Unverified
                : identity.Provider == Providers.Microsoft && !trusting.Contains(user.EnterpriseId) ? Tenant
                // Invited with the other provider: this provider's word for the e-mail was not asked for.
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
