using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults.AccountApi;

namespace EnterprisePortal.Gateway.Pages.Parts;

/// <summary>What needs attention in an account, worst first: it is not in use, cannot be entered, or its data is old.</summary>
sealed record Health(string Pill, string? Why, bool IsGood)
{
    /// <summary>A night and two hours.</summary>
    static readonly TimeSpan Old = TimeSpan.FromHours(26);
    const string OldData = "Last night's sync is missing.";

    /// <returns>null: nothing is wrong, or the account is not read at present.</returns>
    public static string? ProblemOf(SyncState sync, DateTimeOffset now) =>
        sync.Problem ?? (sync.Next is not null && now - sync.LastSync > Old ? OldData : null);

    /// <param name="sync">null: not known right now.</param>
    public static Health Of(AccountItem account, SyncState? sync, DateTimeOffset now) => account.Status switch
    {
        "suspended" => new("Suspended", "Nobody enters it, and it is not read.", false),
        "onboarding" => new("Being connected", "Test the connection, then open it.", false),
        _ when !account.Entry.Ok => new("Entry blocked", EntryProblem.InWords(account.Entry.Problem, account.Entry.As), false),
        _ when sync?.Problem is { } problem => new("Sync failed", problem, false),
        _ when account.LastSync is null => new("Not yet read", "Its first sync has not ended.", false),
        _ when now - account.LastSync > Old => new("Old data", OldData, false),
        _ => new("Good", null, true)
    };
}
