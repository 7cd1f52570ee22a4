using System.Reflection;

namespace EnterprisePortal.Contracts.AccountApi;

/// <summary>
/// A report's parameters; null means all. Dates are inclusive and in the account's time zone. <see cref="ReportCatalogue"/> defines which
/// report has which filter, and reads them (<see cref="ReadParameters"/>): no other code checks them.
/// </summary>
public record ReportParameters(
    DateOnly? From = null, DateOnly? To = null, DateOnly? AsOf = null,
    string? Program = null, string? Level = null, string? Class = null, string? DropReason = null, string? Mode = null, string? Type = null,
    string? Category = null, string? Family = null, string? PaymentMethod = null, string? Staff = null, string? EnrollmentStatus = null,
    string? CreditTypes = null, bool? OnlyPastDue = null, bool? Split = null, bool? AllCollected = null)
{
    /// <summary>A <see cref="DateOnly"/>, a bool or a text.</summary>
    public object? this[ReportFilter filter] => Property(filter).GetValue(this);

    static PropertyInfo Property(ReportFilter filter) =>
        typeof(ReportParameters).GetProperty(filter.Name, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase)!;
}

/// <summary>
/// The reports that run for all accounts: the filters and the columns of each. Forms of the account and of the portal, schedules, the check
/// of parameters, the permissions and a table of docs/account-api.md follow from here. A new report needs an entry here and its query in
/// the account.
/// </summary>
public static class ReportCatalogue
{
    static readonly ReportFilter
        from = new("from", "From", FilterKind.Date), to = new("to", "To", FilterKind.Date), asOf = new("asOf", "As of", FilterKind.Date),
        program = new("program", "Program", FilterKind.Name) { Names = "programs" },
        level = new("level", "Level", FilterKind.Name) { Names = "levels" },
        @class = new("class", "Class", FilterKind.Name), dropReason = new("dropReason", "Drop reason", FilterKind.Name),
        category = new("category", "Charge category", FilterKind.Name) { Names = "charge-categories" },
        staff = new("staff", "Staff", FilterKind.Name),
        family = new("family", "Family", FilterKind.Part), creditTypes = new("creditTypes", "Credit types", FilterKind.Names),
        mode = new("mode", "Enrollments", FilterKind.Choice)
        {
            Choices = [new("created", "created in these days"), new("starting", "starting in these days")], HasDefault = true
        },
        type = new("type", "Type", FilterKind.Choice)
        {
            Choices =
            [
                new("active", "Active"), new("trial", "Trial"), new("make-up", "Make Up"),
                new("single-day", "Single Day"), new("wait", "Wait")
            ]
        },
        paymentMethod = new("paymentMethod", "Payment method", FilterKind.Choice)
        {
            Choices = [new("cash", "Cash"), new("check", "Check"), new("card", "Card"), new("bank", "Bank")]
        },
        enrollmentStatus = new("enrollmentStatus", "Enrollment", FilterKind.Choice)
        {
            Choices = [new("active", "Enrolled on that day"), new("inactive", "Not enrolled on that day")]
        },
        onlyPastDue = new("onlyPastDue", "Only past due", FilterKind.Tick),
        split = new("split", "1–15 and 16–30 days apart", FilterKind.Tick),
        allCollected = new("allCollected", "Include all collected payments", FilterKind.Tick);

    /// <param name="What">What the report shows, in a sentence.</param>
    /// <param name="Filters">Filters besides its dates, in form order.</param>
    /// <param name="Columns">In order. Add new ones only at the end: people build their own tables on them.</param>
    public sealed record Report(
        string Code, string Name, string What, ReportDates Dates, IReadOnlyList<ReportFilter> Filters,
        Func<ReportParameters, IReadOnlyList<ReportColumn>> Columns)
    {
        /// <summary>Values of the column <c>Section</c>; empty if it has none.</summary>
        public IReadOnlyList<string> Sections { get; init; } = [];

        /// <summary>Sections whose rows are in the report but not in its totals.</summary>
        public IReadOnlyList<string> OutsideTotal { get; init; } = [];

        /// <summary>What the report comes to, in one number.</summary>
        public required ReportFigure Figure { get; init; }

        /// <summary>The permission that the staff user needs in the account.</summary>
        public string Permission => $"reports.{Code.ToLowerInvariant()}";

        public IReadOnlyList<ReportFilter> DateFilters => Dates == ReportDates.Range ? [from, to] : [asOf];

        /// <summary>All its fields, dates first.</summary>
        public IReadOnlyList<ReportFilter> Fields => [.. DateFilters, .. Filters];

        /// <summary>Without the dates: filter and value in words, <c>Type</c> and <c>Make Up</c>; a checkbox has no value.</summary>
        public IEnumerable<(string Label, string? Value)> InWords(ReportParameters asked) =>
            from filter in Filters
            let value = asked[filter]
            where value is string or true
            select (filter.Label, value is string text ? filter.InWords(text) : null);

        /// <summary>
        /// A file's name, without its extension: <c>bluedolphin-austin FIN-2 2026-10-01 2026-10-31 2026-11-29 093312 9c41d2e7</c>. Time and
        /// id are those of the run or task, so that no saved or unpacked file overwrites another.
        /// </summary>
        /// <param name="account">null: all accounts.</param>
        /// <param name="id">A version 7 id: its end is random.</param>
        public string FileName(string? account, ReportParameters asked, DateTimeOffset at, Guid id)
        {
            string?[] parts =
            [
                account, Code, .. DateFilters.Select(filter => $"{asked[filter]:yyyy-MM-dd}"),
                $"{at.UtcDateTime:yyyy-MM-dd HHmmss}", $"{id:N}"[^8..]
            ];
            return string.Join(' ', parts.Where(part => !string.IsNullOrEmpty(part)));
        }
    }

    public static IReadOnlyList<Report> All { get; } =
    [
        new("CLA-5", "Drop List", "Who left, from which class, and why.", ReportDates.Range, [program, level, @class, dropReason], _ =>
        [
            Text("Section"), Personal("Student"), Personal("Family"), Text("Family Id"), Text("Class"), Text("Program"), Text("Level"),
            Text("Instructor"), Text("Location"), Date("Start"), Date("Drop Date"), Text("Reason"), Personal("Notes"), Text("Dropped By")
        ]) { Figure = new("Drops"), Sections = ["Drops", "Transfers"], OutsideTotal = ["Transfers"] },

        new("CLA-9", "New Enrollments List", "Who enrolled, in what, and from where.", ReportDates.Range, [mode, program, level, type], _ =>
        [
            Date("Created"), Date("Start"), Personal("Student"), Personal("Family"), Text("Family Id"), Text("Class"), Text("Program"),
            Text("Level"), Text("Location"), Text("Type"), Text("Source"), Text("New or Returning")
        ]) { Figure = new("New enrollments") },

        new("FIN-1", "Aged Accounts", "Which families owe, how much, and for how long.", ReportDates.Day,
            [onlyPastDue, split, program, category, enrollmentStatus], asked =>
        [
            Personal("Family"), Text("Family Id"), Personal("Guardian"), Personal("Phone"), Personal("E-mail"), Money("Not Due"),
            .. asked.Split == true ? [Money("1–15"), Money("16–30")] : new[] { Money("1–30") }, Money("31–60"), Money("61–90"),
            Money("Over 90"), Money("Unapplied Credit"), Money("Total"), Date("Entered later")
        ]) { Figure = new("Owed", "Total") },

        new("FIN-2", "Bank Deposit", "Money by the day it moved, to check against the bank.", ReportDates.Range,
            [paymentMethod, program, staff], _ =>
        [
            Text("Section"), Date("Date"), Text("Method"), Text("Card"), Text("Check or Transaction Number"), Money("Amount"),
            Personal("Family"), Text("Family Id"), Text("Status"), Text("Staff")
        ]) { Figure = new("Deposits", "Amount"), Sections = ["Deposits", "Deleted and failed"], OutsideTotal = ["Deleted and failed"] },

        new("FIN-4", "Program Deposit Split", "Which program and charge category the money went to.", ReportDates.Range,
            [creditTypes], asked =>
        [
            Text("Section"), Text("Program"), Text("Charge Category"), Money("Total"), Money("Taxes"), Money("Cash"), Money("Check"),
            Money("Card"), Money("Bank"), .. asked.CreditTypes is null ? [] : new[] { Money("Credit") }
        ])
        {
            Figure = new("Received", "Total"),
            Sections = ["Received in range", "Adjustments to payments received before", "Failed"], OutsideTotal = ["Failed"]
        },

        new("FIN-6", "Category List", "Charges by category, paid and unpaid.", ReportDates.Range,
            [category, program, family, allCollected], _ =>
        [
            Date("Date"), Personal("Family"), Text("Family Id"), Personal("Student"), Text("Program"), Text("Charge Category"),
            Text("Description"), Money("Amount"), Money("Tax"), Text("Status"), Money("Remaining"), Date("Deleted on"),
            Date("Entered later")
        ]) { Figure = new("Charged", "Amount") },

        new("FIN-15", "Credit List", "Credits given to families, and taken back.", ReportDates.Range, [creditTypes, family], _ =>
        [
            Date("Date"), Text("Credit Type"), Money("Amount"), Personal("Family"), Text("Family Id"), Text("Status"), Text("Staff")
        ]) { Figure = new("Credits", "Amount") }
    ];

    public static Report? Find(string code) => All.FirstOrDefault(report => report.Code == code);

    /// <summary>Which dates a schedule's report can have, relative to the day it runs on.</summary>
    public static IReadOnlyList<FilterChoice> Coverings(ReportDates dates) => dates == ReportDates.Range
        ?
        [
            new("last-month", "The month before"), new("last-week", "The week before, Monday to Sunday"),
            new("last-quarter", "The quarter before"),
            new("month-to-date", "The month, up to the day before"), new("year-to-date", "The year, up to the day before")
        ]
        :
        [
            new("day-before", "As of the day before"), new("run-day", "As of the day it runs"),
            new("last-month-end", "As of the end of the month before")
        ];

    static ReportColumn Text(string name) => new(name, "text");
    static ReportColumn Personal(string name) => new(name, "text", true);
    static ReportColumn Date(string name) => new(name, "date");
    static ReportColumn Money(string name) => new(name, "money");
}

/// <param name="Name">What is added up or counted: <c>Deposits</c>.</param>
/// <param name="Column">The money column whose total it is; null: the number of rows that count.</param>
public sealed record ReportFigure(string Name, string? Column = null)
{
    /// <returns>null if the account's file has no such column.</returns>
    public decimal? Of(ReportFile file) =>
        Column is null ? file.CountingRows : file.Totals.TryGetValue(Column, out var total) ? total : null;
}

public enum ReportDates
{
    /// <summary>A first and a last day, both included.</summary>
    Range,

    /// <summary>As of the end of one day; without one, of the day on which it is generated.</summary>
    Day
}

public enum FilterKind
{
    Date, Choice, Tick,

    /// <summary>A name that the account has, exactly as written there.</summary>
    Name,

    /// <summary>Several names, separated by commas.</summary>
    Names,

    /// <summary>Part of a name, or its number.</summary>
    Part
}

/// <param name="Name">Name in JSON and forms, that of a property of <see cref="ReportParameters"/>.</param>
public sealed record ReportFilter(string Name, string Label, FilterKind Kind)
{
    public IReadOnlyList<FilterChoice> Choices { get; init; } = [];

    /// <summary>The kind of names to choose from, as Validation lists them: <c>programs</c>. null: the portal does not know them.</summary>
    public string? Names { get; init; }

    /// <summary>A value in words: <c>Make Up</c>.</summary>
    public string InWords(string value) => Choices.FirstOrDefault(choice => choice.Value == value)?.Words ?? value;

    /// <summary>The label of one value, inside a sentence.</summary>
    public string One => Kind == FilterKind.Names ? Label.ToLowerInvariant().TrimEnd('s') : Label.ToLowerInvariant();

    /// <summary>Without a value, the first choice applies; otherwise any value does.</summary>
    public bool HasDefault { get; init; }
}

public sealed record FilterChoice(string Value, string Words);
