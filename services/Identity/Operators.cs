using EnterprisePortal.Contracts;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Identity;

/// <summary>
/// The people who run the portal, by configuration alone (<c>Operators:0</c> is an e-mail), so that no page and no Admin can make one. They
/// sign in as everybody does, but ask for it (<see cref="OperatorRole.Log"/> in place of an enterprise), and get a session that opens no
/// enterprise. Whoever is taken off the list is out with the next token, five minutes later at most.
/// </summary>
/// <remarks>
/// The provider must vouch for the e-mail: Google states that it is verified; of Microsoft's tenants only those of <c>OperatorTenants</c>
/// are believed, since anybody can own a tenant and put any e-mail into it. From the first sign-in on the identity is pinned: a later owner
/// of the address is somebody else.
/// </remarks>
public sealed class Operators(IdentityDb db, IConfiguration configuration)
{
    public bool Includes(string email) => Listed("Operators").Contains(email, StringComparer.OrdinalIgnoreCase);

    /// <summary>Call inside a transaction, as <see cref="LinkIdentity.Find"/>.</summary>
    public async Task<Memberships> Find(ProviderIdentity identity, CancellationToken cancel)
    {
        var nobody = new Memberships([], [], LinkIdentity.Unknown);
        var vouched = identity.Provider == Providers.Google ? identity.EmailVerified
            : identity.Tenant is { } tenant && Listed("OperatorTenants").Contains(tenant, StringComparer.OrdinalIgnoreCase);
        if (!vouched || !Includes(identity.Email))
            return nobody;
        var rows = await db.Users.FromSql(
            $"""
             select * from portal_user where level = {OperatorRole.Level}
               and (issuer = {identity.Issuer} and subject = {identity.Subject} or email = {identity.Email}) order by id for update
             """).ToListAsync(cancel);
        var known = rows.SingleOrDefault(row => row.Email == identity.Email);
        if (known is not null && (known.Issuer != identity.Issuer || known.Subject != identity.Subject))
            return nobody;
        if (known is null && rows.Count > 0)
            return nobody;
        if (known is null)
            db.Add(known = new()
            {
                EnterpriseId = OperatorRole.Log, GroupId = OperatorRole.Log, Email = identity.Email, Name = identity.Email.Split('@')[0],
                Level = OperatorRole.Level, Status = PortalUser.Active, Provider = identity.Provider, Issuer = identity.Issuer,
                Subject = identity.Subject,
                // One identity has one refresh token; Google sends it at the first sign-in only, which may have been a portal user's.
                ProviderToken = await db.Users.Where(row => row.Issuer == identity.Issuer && row.Subject == identity.Subject)
                    .Select(row => row.ProviderToken).FirstOrDefaultAsync(token => token != null, cancel)
            });
        return new([known], [], LinkIdentity.Unknown);
    }

    string[] Listed(string setting) => configuration.GetSection(setting).Get<string[]>() ?? [];
}
