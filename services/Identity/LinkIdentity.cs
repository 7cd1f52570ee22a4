using System.Security.Claims;
using EnterprisePortal.ServiceDefaults.Directory;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Identity;

/// <summary>What a provider says of the person who has just signed in there.</summary>
/// <param name="Subject">Google's <c>sub</c>; Microsoft's <c>oid</c>, which with the tenant in the issuer is the same in every application.</param>
/// <param name="Tenant">Microsoft's <c>tid</c>.</param>
public sealed record ProviderIdentity(string Provider, string Issuer, string Subject, string Email, bool EmailVerified, string? Tenant)
{
    public static ProviderIdentity From(string provider, ClaimsPrincipal claims) => new(provider,
        claims.FindFirstValue("iss")!,
        claims.FindFirstValue(provider == Providers.Microsoft ? "oid" : "sub") ?? throw new InvalidOperationException($"{provider} sent no subject."),
        (claims.FindFirstValue("email") ?? claims.FindFirstValue("preferred_username") ?? "").ToLowerInvariant(),
        claims.FindFirstValue("email_verified") == "true",
        claims.FindFirstValue("tid")?.ToLowerInvariant());
}

/// <summary>
/// Whose identity this is. Found by e-mail once, then pinned: whoever is given the address later is somebody else.
/// What makes an e-mail a proof: Google's own word that it is verified; at Microsoft the enterprise's trust in the tenant, whose
/// administrator can write any e-mail.
/// </summary>
public sealed class LinkIdentity(IdentityDb db, DirectoryReplica directory)
{
    public const string Unknown = "unknown", Suspended = "suspended", Unverified = "unverified", Tenant = "tenant", Provider = "provider";

    /// <summary>Inside a transaction: the row stays locked, so that a suspension comes either before the sign-in or after it.</summary>
    /// <returns>The person, also of a refused sign-in where they are known; and why it is refused.</returns>
    public async Task<(PortalUser? User, string? Refusal)> Find(ProviderIdentity identity, CancellationToken cancel)
    {
        var user = (await db.Users.FromSql(
            $"select * from portal_user where issuer = {identity.Issuer} and subject = {identity.Subject} and status <> 'deleted' for update").ToListAsync(cancel)).SingleOrDefault();
        user ??= (await db.Users.FromSql(
            $"select * from portal_user where email = {identity.Email} and status <> 'deleted' for update").ToListAsync(cancel)).SingleOrDefault();
        // Asked of the locked row: the same person's sign-in in another tab may have pinned it while this one waited for it.
        var pinned = user is not null && user.Issuer == identity.Issuer && user.Subject == identity.Subject;

        if (identity.Provider == Providers.Google && !pinned && !identity.EmailVerified)
            return (user, Unverified);
        if (identity.Provider == Providers.Microsoft && !await IsTrusted(identity.Tenant, user, cancel))
            return (user, Tenant);
        // Invited to come with the other provider: this one's word for the e-mail is not the one that was asked for.
        if (user is null || (!pinned && (user.Subject is not null || user.Provider != identity.Provider)))
            return (user, Unknown);
        if (user.Status == PortalUser.Suspended || directory.ReachOf(user.GroupId).Group is null)
            return (user, Suspended);

        if (!pinned)
        {
            (user.Issuer, user.Subject, user.Status) = (identity.Issuer, identity.Subject, PortalUser.Active);
            user.Version++;
            db.Publish(user.Changed());
        }
        return (user, null);
    }

    Task<bool> IsTrusted(string? tenant, PortalUser? user, CancellationToken cancel) =>
        db.Enterprises.AnyAsync(enterprise => (user == null || enterprise.Id == user.EnterpriseId) && enterprise.MicrosoftTenants.Contains(tenant!), cancel);
}
