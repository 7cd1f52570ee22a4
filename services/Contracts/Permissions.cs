// Published by Permissions. PushRestrictions is read by Permissions itself: one message per account, so that a slow account holds up nobody else;
// RestrictionsTaken by Accounts.
namespace EnterprisePortal.Contracts.Permissions;

/// <summary>
/// Bring the account's present set of restrictions to it. Only a wake-up: the set and its version are read when it is worked on, so a late or
/// repeated message can never bring an old set back.
/// </summary>
public record PushRestrictions(string Account);

/// <summary>An account that is being connected has the present set of restrictions, which may be empty.</summary>
public record RestrictionsTaken(string Account, long Version, DateTimeOffset At);
