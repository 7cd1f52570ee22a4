namespace EnterprisePortal.Contracts;

/// <summary>
/// The people who run the portal. They belong to no enterprise: their level opens what is theirs and nothing else, and what they do stands
/// in a log of their own.
/// </summary>
public static class OperatorRole
{
    /// <summary>In a token where portal users have <c>admin</c> or <c>user</c>, and in the log.</summary>
    public const string Level = "operator";

    /// <summary>
    /// Stands in the log for the enterprise, and at the sign-in for the enterprise that is asked for: an id, because an enterprise may call
    /// itself anything.
    /// </summary>
    public static readonly Guid Log = new("0b5e7a70-0000-7000-8000-6f7065726174");
}
