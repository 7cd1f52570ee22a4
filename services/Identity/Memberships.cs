using EnterprisePortal.Contracts;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.Identity.Users;
using EnterprisePortal.ServiceDefaults.Directory;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Identity;

/// <summary>A provider-confirmed person's users: one in each enterprise that has invited them.</summary>
/// <param name="Admitted">One of these becomes the session's user.</param>
/// <param name="DefaultRefusal">The refusal if no reason of <paramref name="KeptOut"/> may be told.</param>
public sealed record Memberships(IReadOnlyList<PortalUser> Admitted, IReadOnlyList<Memberships.Refused> KeptOut, string DefaultRefusal)
{
    /// <param name="Proven">The person has proven to be this user. Anybody else gets the same answer as if the user did not exist.</param>
    public sealed record Refused(PortalUser User, string Reason, bool Proven);

    public string Refusal => KeptOut.FirstOrDefault(one => one.Proven)?.Reason ?? DefaultRefusal;

    /// <summary>
    /// null: the person has to choose. An invitation that has not been accepted does not get in the way of the enterprise where they work:
    /// being invited elsewhere changes nothing for them.
    /// </summary>
    public PortalUser? Only => Admitted is [var only] ? only
        : Admitted.Where(user => user.Status == PortalUser.Active).ToArray() is [var working] ? working : null;

    /// <param name="asked">An enterprise's id or name.</param>
    public Memberships In(string asked, DirectoryReplica directory) => new(
        [.. Admitted.Where(user => user.IsIn(asked, directory))], [.. KeptOut.Where(one => one.User.IsIn(asked, directory))],
        DefaultRefusal == LinkIdentity.Unknown ? LinkIdentity.Enterprise : DefaultRefusal);
}

public static class MembershipsExtensions
{
    /// <param name="asked">An enterprise's id or name.</param>
    public static bool IsIn(this PortalUser user, string asked, DirectoryReplica directory) =>
        Guid.TryParse(asked, out var id)
            ? user.EnterpriseId == id
            : string.Equals(directory.Of(user.GroupId)?.Name, asked.Trim(), StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// The enterprises that one identity at a provider may enter. Each sign-in pins the users it finds, so that the e-mail is not needed
    /// any more.
    /// </summary>
    public static IQueryable<PortalUser> MembershipsOf(this IdentityDb db, string issuer, string subject) => db.Users.Where(user =>
        user.Issuer == issuer && user.Subject == subject && user.Level != OperatorRole.Level
            && (user.Status == PortalUser.Active || user.Status == PortalUser.Invited));

    /// <param name="current">The user of the session.</param>
    public static async Task<IReadOnlyList<EnterpriseItem>> EnterprisesOf(this IdentityDb db, string issuer, string subject, Guid? current,
        DirectoryReplica directory, CancellationToken cancel) =>
    [
        .. from user in await db.MembershipsOf(issuer, subject).AsNoTracking().ToListAsync(cancel)
           let enterprise = directory.ReachOf(user.GroupId).Enterprise
           where enterprise is not null
           orderby enterprise.Name
           let place = GroupName.Of(user.GroupId, directory)
           select new EnterpriseItem(enterprise.Id, enterprise.Name, user.Level, place, user.Status, user.Id == current)
    ];
}
