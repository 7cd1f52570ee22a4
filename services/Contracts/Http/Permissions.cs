// Answered and received by Permissions: /api/permissions.
using System.ComponentModel.DataAnnotations;
using EnterprisePortal.Contracts.AccountApi;

namespace EnterprisePortal.Contracts.Http;

/// <summary>The <see cref="PermissionCatalogue"/>, with which permissions the portal may remove.</summary>
public record Catalogue(IReadOnlyList<CatalogueSection> Sections);

public record CatalogueSection(string Name, IReadOnlyList<CataloguePermission> Permissions);

/// <param name="Allows">What the permission allows, in a sentence.</param>
/// <param name="Why">Why it cannot be removed; null if it can.</param>
public record CataloguePermission(string Id, string Name, string Allows, bool Removable, string? Why);

/// <param name="Accounts">Whether each of the group's accounts has its current set.</param>
public record GroupRestrictions(GroupName Group, IReadOnlyList<PermissionState> Permissions, IReadOnlyList<RestrictionDelivery> Accounts);

/// <param name="State"><c>allowed</c>, <c>removed</c> (by this group), <c>inherited</c> (removed by a group above), or <c>ended</c>: this
/// group removed it until a day that is over in all its accounts; it is allowed again, and the list says so for thirty days.</param>
/// <param name="RemovedBy">Every group that removes it now, from the root down.</param>
/// <param name="Ended">This group's removal, if its last day is over.</param>
public record PermissionState(string Id, string State, IReadOnlyList<Removal> RemovedBy, Removal? Ended);

/// <param name="Until">Last day, in each account's own time zone; null: until it is allowed again.</param>
public record Removal(Guid GroupId, string Group, string Reason, DateOnly? Until, string By, DateTimeOffset At);

/// <param name="State"><c>applied</c>, <c>pending</c> or <c>failing</c>.</param>
/// <param name="Since">When it was applied, or since when it is waiting; null if the account has never needed a set.</param>
public record RestrictionDelivery(string Account, string AccountName, string State, DateTimeOffset? Since, string? Problem);

/// <param name="Action"><c>removed</c>, <c>allowed</c>, or <c>ended</c>: its last day is over.</param>
public record RestrictionEvent(string Permission, string Action, string Reason, DateOnly? Until, string By, DateTimeOffset At);

/// <param name="Remove">Permission ids to remove here.</param>
/// <param name="Allow">Ids that this group had removed and now allows again.</param>
/// <param name="Reason">Shown to the affected people; required to remove.</param>
/// <param name="Until">Last day, in each account's own time zone.</param>
public record RestrictionChanges(
    IReadOnlyList<string>? Remove, IReadOnlyList<string>? Allow, [StringLength(500), PlainText] string? Reason, DateOnly? Until);

/// <param name="Remove">Permission ids.</param>
public record RemovalPreview([Required] IReadOnlyList<string> Remove);

/// <summary>Who would lose something.</summary>
/// <param name="Staff">How many staff users, in how many <paramref name="Accounts"/>.</param>
public record RemovalImpact(int Staff, int Accounts, IReadOnlyList<AccountImpact> Items, IReadOnlyList<UnansweredAccount> Unanswered);

public record AccountImpact(string Account, string AccountName, IReadOnlyList<AffectedStaff> Staff);

public record UnansweredAccount(string Account, string AccountName, string Problem);

/// <summary>Why a staff user can or cannot do something in an account.</summary>
/// <param name="GrantedBy">Sources in the account: <c>user group Front Desk</c>.</param>
/// <param name="RemovedBy">From the root down; includes groups above the Admin's own, since they bind this account too.</param>
public record PermissionExplanation(
    string Account, string Staff, string Permission, IReadOnlyList<string> GrantedBy, IReadOnlyList<RestrictingGroup> RemovedBy,
    bool Allowed, string InWords);
