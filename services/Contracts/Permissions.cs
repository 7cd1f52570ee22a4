// Published by Permissions. PushRestrictions is read by Permissions itself: one message per account, so that a slow account holds up nobody
// else; RestrictionsTaken by Accounts. The names on the bus stay; elsewhere the portal "delivers" a set and the account "applies" it.
namespace EnterprisePortal.Contracts.Permissions;

/// <summary>
/// Deliver the account's current set of restrictions. Only a wake-up: the set and its version are read when the message is handled, so a
/// late or repeated message can never bring an old set back.
/// </summary>
public record PushRestrictions(string Account);

/// <summary>An account in onboarding has applied its current set of restrictions, which may be empty.</summary>
public record RestrictionsTaken(string Account, long Version, DateTimeOffset At);
