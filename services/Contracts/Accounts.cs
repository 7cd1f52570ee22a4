// Published by Accounts. DirectoryChanged and DirectoryResent are read by every instance of every service, EnterpriseImported and
// AccountActivated by Identity, AccountRemoved by Search, Reports and Audit.
using EnterprisePortal.Contracts.AccountApi;

namespace EnterprisePortal.Contracts.Accounts;

/// <summary>
/// The whole directory of one enterprise: state, not a difference. A reader keeps the highest <paramref name="Version"/>
/// it has seen and ignores older ones, so order and repetition do not matter.
/// </summary>
public record DirectoryChanged(
    Guid EnterpriseId, string EnterpriseName, long Version, IReadOnlyList<GroupState> Groups, IReadOnlyList<AccountState> Accounts,
    Brand? Brand = null);

/// <summary>How an enterprise shows itself in the portal; what is null is the enterprise's own name, the portal's color and mark.</summary>
/// <param name="Accent"><c>#2b57c9</c>; text can be read with it.</param>
/// <param name="Logo">Id of the image: <c>/logos/{id}</c>.</param>
public record Brand(string? Name, string? Accent, Guid? Logo);

/// <summary>Asks Accounts to publish every enterprise's <see cref="DirectoryChanged"/> again. Sent by a service that has just
/// started.</summary>
public record DirectoryRequested;

/// <summary>Follows the answer to <see cref="DirectoryRequested"/>: a replica with these versions (by enterprise) is complete.</summary>
public record DirectoryResent(IReadOnlyDictionary<Guid, long> Versions);

/// <param name="ParentId">null for the root of the enterprise; its <paramref name="Id"/> is the enterprise's id.</param>
/// <param name="UserEmail">Staff user as whom Users of this group enter accounts; null inherits from the parent.</param>
/// <param name="AdminEmail">Staff user as whom Admins of this group enter accounts; null inherits from the parent.</param>
/// <param name="Accounts">Codes; a subset of the parent's.</param>
public record GroupState(Guid Id, string Name, Guid? ParentId, bool Active, string? UserEmail, string? AdminEmail,
    IReadOnlyList<string> Accounts);

/// <param name="Code">Unique over all enterprises: <c>bluedolphin-austin</c>.</param>
/// <param name="Status"><c>onboarding</c>, <c>active</c> or <c>suspended</c>.</param>
/// <param name="TimeZone">IANA name: <c>America/Chicago</c>.</param>
/// <param name="Country">ISO 3166 alpha-2, for reading phone numbers: <c>US</c>.</param>
/// <param name="BaseUrl">Without a trailing slash: <c>http://localhost:8090/bluedolphin-austin</c>.</param>
/// <param name="ClientKeys">JSON Web Key Set with the account's public keys, by which Identity knows it (private_key_jwt).</param>
public record AccountState(string Code, string Name, string Status, string TimeZone, string Country, string BaseUrl, string ClientKeys)
{
    public const string Onboarding = "onboarding", Active = "active", Suspended = "suspended";
}

/// <summary>
/// An enterprise was imported: its first users and the Microsoft tenants it trusts. Users who are already known stay unchanged.
/// </summary>
public record EnterpriseImported(Guid EnterpriseId, string Name, IReadOnlyList<string> MicrosoftTenants, IReadOnlyList<FirstUser> Users);

/// <param name="Provider"><c>google</c> or <c>microsoft</c>.</param>
/// <param name="Level"><c>admin</c> or <c>user</c>.</param>
/// <param name="Status"><c>invited</c>, or <c>suspended</c> for the demo world's user who is kept out.</param>
public record FirstUser(string Email, string Name, string Level, Guid GroupId, string Provider, string Status = "invited");

/// <summary>A newly connected account was activated: its contact and the Admins who reach it are told by e-mail.</summary>
/// <param name="By">Name of the Admin who activated it.</param>
public record AccountActivated(
    Guid EnterpriseId, string EnterpriseName, string Account, string AccountName, AccountContact Contact, string By);

/// <summary>
/// An account has left the portal: every service that holds its data deletes it. The Audit Log keeps its entries. The code may be
/// registered again later, also by another enterprise; data from before <paramref name="At"/> stays deleted.
/// </summary>
public record AccountRemoved(Guid EnterpriseId, string Account, DateTimeOffset At);
