using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.OfficePortal.AccountApi;
using EnterprisePortal.OfficePortal.Accounts;
using Npgsql;
using NpgsqlTypes;

namespace EnterprisePortal.OfficePortal.Reports;

/// <summary>A report asked of an account: days become moments in its time zone, from the first midnight up to, and without, the one after the last day.</summary>
sealed class ReportQuery(Report report, ReportParameters asked, Account account, TimeProvider clock)
{
    readonly DateOnly from = asked.From ?? DateOnly.MinValue, to = asked.To ?? asked.AsOf ?? account.Today(clock);

    public IReadOnlyList<ReportColumn> Columns { get; } = report.Columns(asked);

    /// <summary><c>FIN-2 bluedolphin-austin 2026-10-01 2026-10-31</c></summary>
    public string Name => $"{report.Code} {account.Code} {(asked.From is null ? "" : $"{from:yyyy-MM-dd} ")}{to:yyyy-MM-dd}";

    public NpgsqlCommand Command(NpgsqlConnection connection) => new($"select *, count(*) over () as all_rows from ({report.Sql}) report order by {report.OrderBy}", connection)
    {
        CommandTimeout = 300,
        Parameters =
        {
            new("account", account.Code), new("zone", account.TimeZone), new("from", from), new("to", to),
            new("start", from == DateOnly.MinValue ? DateTime.MinValue.ToUniversalTime() : account.StartOf(from)), new("end", account.StartOf(to.AddDays(1))),
            Text("program", asked.Program), Text("level", asked.Level), Text("class", asked.Class), Text("reason", asked.DropReason), Text("category", asked.Category),
            Text("family", asked.Family?.Trim()), Text("staff", asked.Staff?.Trim()), Text("method", asked.PaymentMethod?.ToLowerInvariant()),
            Text("type", Code(asked.Type)), Text("status", asked.EnrollmentStatus?.ToLowerInvariant()), Text("mode", asked.Mode ?? "created"),
            new("credits", asked.CreditTypes?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? []),
            new("pastDue", asked.OnlyPastDue ?? false), new("allCollected", asked.AllCollected ?? false)
        }
    };

    /// <summary>A column's name in the query: <c>Family Id</c> is <c>family_id</c>, <c>1–30</c> is <c>1_30</c>.</summary>
    public static string InSql(ReportColumn column) => column.Name.ToLowerInvariant().Replace(' ', '_').Replace('-', '_').Replace('–', '_');

    /// <summary><c>Make Up</c>, as pages show it, is <c>make-up</c>.</summary>
    static string? Code(string? type) => type?.ToLowerInvariant().Replace(' ', '-');

    static NpgsqlParameter Text(string name, string? value) => new(name, NpgsqlDbType.Text) { Value = value is null or "" ? DBNull.Value : value };
}
