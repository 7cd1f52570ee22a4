using System.Reflection;

namespace EnterprisePortal.Contracts;

/// <summary>An action that the Audit Log records.</summary>
/// <param name="Key">
/// Stable, in the past tense: <c>account.entered</c>. The log can also be filtered by the part before the dot: <c>account</c>.
/// </param>
/// <param name="Words">The words in which the Audit Log shows it.</param>
/// <param name="Category">The heading under which people look for it.</param>
public sealed record AuditAction(string Key, string Words, string Category)
{
    public string Kind => Key.Split('.')[0];
}

/// <summary>
/// Every action that the portal records. A new one is one line here, and its <c>activities.Of(person, AuditActions.…)</c>.
/// </summary>
public static class AuditActions
{
    /// <summary>
    /// Precedes an account's own words for an activity inside it: <c>inside.viewed-family</c>. The portal does not know these words.
    /// </summary>
    public const string Inside = "inside.";

    public static readonly AuditAction
        SignedIn = new("signed-in", "Signed in", "Sign-in"),
        SignedOut = new("signed-out", "Signed out", "Sign-in"),
        SignInRefused = new("sign-in.refused", "Sign in refused", "Sign-in"),
        SessionEnded = new("session.ended", "Session ended", "Sign-in"),

        UserInvited = new("user.invited", "User invited", "Users"),
        UserEdited = new("user.edited", "User edited", "Users"),
        UserMoved = new("user.moved", "User moved", "Users"),
        UserPromoted = new("user.promoted", "User promoted", "Users"),
        UserDemoted = new("user.demoted", "User demoted", "Users"),
        UserSuspended = new("user.suspended", "User suspended", "Users"),
        UserReinstated = new("user.reinstated", "User reinstated", "Users"),
        UserDeleted = new("user.deleted", "User deleted", "Users"),

        TokenCreated = new("token.created", "Token created", "Tokens"),
        TokenRevoked = new("token.revoked", "Token revoked", "Tokens"),

        AccountEntered = new("account.entered", "Account entered", "Accounts"),
        AccountRegistered = new("account.registered", "Account registered", "Accounts"),
        AccountTested = new("account.tested", "Account tested", "Accounts"),
        AccountActivated = new("account.activated", "Account activated", "Accounts"),
        AccountEdited = new("account.edited", "Account edited", "Accounts"),
        AccountSuspended = new("account.suspended", "Account suspended", "Accounts"),
        AccountReinstated = new("account.reinstated", "Account reinstated", "Accounts"),
        AccountRemoved = new("account.removed", "Account removed", "Accounts"),

        GroupCreated = new("group.created", "Group created", "Groups"),
        GroupEdited = new("group.edited", "Group edited", "Groups"),
        GroupMoved = new("group.moved", "Group moved", "Groups"),
        GroupActivated = new("group.activated", "Group activated", "Groups"),
        GroupDeactivated = new("group.deactivated", "Group deactivated", "Groups"),
        GroupAccountAdded = new("group.account-added", "Group account added", "Groups"),
        GroupAccountRemoved = new("group.account-removed", "Group account removed", "Groups"),

        BrandChanged = new("brand.changed", "Brand changed", "Enterprise"),

        PermissionRemoved = new("permission.removed", "Permission removed", "Permissions"),
        PermissionAllowed = new("permission.allowed", "Permission allowed", "Permissions"),

        ReportStarted = new("report.started", "Report started", "Reports"),
        ReportRetried = new("report.retried", "Report retried", "Reports"),
        ReportCancelled = new("report.cancelled", "Report cancelled", "Reports"),
        ReportViewed = new("report.viewed", "Report viewed", "Reports"),
        ReportDownloaded = new("report.downloaded", "Report downloaded", "Reports"),
        ScheduleCreated = new("schedule.created", "Schedule created", "Reports"),
        ScheduleEdited = new("schedule.edited", "Schedule edited", "Reports"),
        ScheduleRunNow = new("schedule.run-now", "Schedule run now", "Reports"),
        ScheduleSkipped = new("schedule.skipped", "Schedule skipped", "Reports"),
        SchedulePaused = new("schedule.paused", "Schedule paused", "Reports"),
        ScheduleResumed = new("schedule.resumed", "Schedule resumed", "Reports"),
        ScheduleDeleted = new("schedule.deleted", "Schedule deleted", "Reports"),

        PhoneLookedUp = new("phone.looked-up", "Phone looked up", "Search"),
        SlipDismissed = new("slip.dismissed", "Slip dismissed", "Search"),
        SlipRestored = new("slip.restored", "Slip restored", "Search"),

        SyncRequested = new("sync.requested", "Sync requested", "Operations"),
        EnterpriseImported = new("enterprise.imported", "Enterprise imported", "Operations"),
        LogExported = new("log.exported", "Log exported", "Operations"),
        LogArchived = new("log.archived", "Log archived", "Operations"),
        MessageSentBack = new("message.sent-back", "Parked message sent back", "Operations"),
        MessageDiscarded = new("message.discarded", "Parked message discarded", "Operations");

    /// <summary>In the order above, which is that of the categories.</summary>
    public static IReadOnlyList<AuditAction> All { get; } =
        [.. typeof(AuditActions).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => field.GetValue(null))
            .OfType<AuditAction>()];

    static readonly Dictionary<string, AuditAction> byKey = All.ToDictionary(action => action.Key);

    /// <param name="key">May also be an account's own, or one that is no longer recorded.</param>
    public static string InWords(string key)
    {
        if (byKey.TryGetValue(key, out var action))
            return action.Words;
        var own = key.StartsWith(Inside, StringComparison.Ordinal) ? key[Inside.Length..] : key;
        var words = own.Replace('.', ' ').Replace('-', ' ');
        return words is [var first, ..] ? char.ToUpperInvariant(first) + words[1..] : words;
    }
}
