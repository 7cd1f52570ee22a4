// Answered by Reports: /api/trends.
namespace EnterprisePortal.Contracts.Http;

/// <summary>What can be followed over time. The pages, the API, its CSV and the feed for Power BI have these and no others.</summary>
/// <param name="Name">In addresses: <c>active-enrollments</c>.</param>
/// <param name="Report">The report whose figure it is: only for people who may open that report in the account. null: for everybody who
/// reaches the account.</param>
/// <param name="IsSum">Days add up. Otherwise a period has the value of its last day.</param>
public sealed record TrendMeasure(string Name, string Words, string? Report, bool IsSum)
{
    public const string Money = "deposits";

    public static IReadOnlyList<TrendMeasure> All { get; } =
    [
        new("families", "Families", null, IsSum: false), new("active-enrollments", "Active enrollments", null, IsSum: false),
        new("new-enrollments", "New enrollments", "CLA-9", IsSum: true), new("drops", "Drops", "CLA-5", IsSum: true),
        new(Money, "Deposits", "FIN-2", IsSum: true)
    ];

    public static TrendMeasure? Find(string? name) => All.FirstOrDefault(measure => measure.Name == name);
}

/// <summary>A measure over time: of each account that the reader may follow it in, and of all of these.</summary>
/// <param name="By"><c>day</c>, <c>week</c> (from Monday) or <c>month</c>. The first and the last one are cut at
/// <paramref name="From"/> and <paramref name="To"/>.</param>
/// <param name="Currency">ISO 4217; null unless it is money, and all in the same currency.</param>
/// <param name="Value">Of the days from <paramref name="From"/> to <paramref name="To"/>; null if no account has one, or if they have
/// several currencies.</param>
/// <param name="Before">Of as many days before; null unless all the accounts have figures from then.</param>
/// <param name="Total">Of all <paramref name="Accounts"/>. An account counts from its first day on
/// (<see cref="TrendAccount.Since"/>).</param>
/// <param name="Missing">Accounts in which the reader may not follow it, or that did not answer whether they may.</param>
public record Trend(
    string Measure, string By, DateOnly From, DateOnly To, string? Currency, decimal? Value, decimal? Before,
    IReadOnlyList<TrendPoint> Total, IReadOnlyList<TrendAccount> Accounts, IReadOnlyList<MissingAccount> Missing);

public record TrendPoint(DateOnly From, DateOnly To, decimal? Value);

/// <param name="Since">Its first day with this figure, if that is after the first day asked for; null: it has them all, or none.</param>
/// <param name="IsSent">False: the account sends no figures; its families were counted when it was read.</param>
/// <param name="Points">One for each of the total's, null before its first day; only of accounts that were asked for by name.</param>
public record TrendAccount(
    string Account, string AccountName, decimal? Value, decimal? Before, string? Currency, DateOnly? Since, bool IsSent,
    IReadOnlyList<decimal?>? Points);
