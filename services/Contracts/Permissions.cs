// Published and read by Permissions: one message per account, so that a slow account holds up nobody else.
namespace EnterprisePortal.Contracts.Permissions;

/// <summary>
/// Bring the account's present set of restrictions to it. Only a wake-up: the set and its version are read when it is worked on, so a late or
/// repeated message can never bring an old set back.
/// </summary>
public record PushRestrictions(string Account);
