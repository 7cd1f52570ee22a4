using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.OfficePortal.AccountApi;
using EnterprisePortal.OfficePortal.Accounts;
using Npgsql;
using NpgsqlTypes;

namespace EnterprisePortal.OfficePortal.Reports;

/// <summary>
/// A report for an account: days become moments in its time zone, from the first midnight up to, but excluding, the one after the last day.
/// </summary>
sealed class ReportQuery(Report report, ReportParameters asked, Account account, TimeProvider clock)
{
    readonly DateOnly from = asked.From ?? DateOnly.MinValue, to = asked.To ?? asked.AsOf ?? account.Today(clock);

    public IReadOnlyList<ReportColumn> Columns { get; } = report.Described.Columns(asked);

    /// <summary><c>FIN-2 bluedolphin-austin 2026-10-01 2026-10-31</c></summary>
    public string Name => $"{report.Code} {account.Code} {(asked.From is null ? "" : $"{from:yyyy-MM-dd} ")}{to:yyyy-MM-dd}";

    public NpgsqlCommand Command(NpgsqlConnection connection)
    {
        var command = new NpgsqlCommand(
            $"select *, count(*) over () as all_rows from ({report.Sql}) report order by {report.OrderBy}", connection)
        {
            CommandTimeout = 300,
            Parameters =
            {
                new("account", account.Code), new("zone", account.TimeZone), new("from", from), new("to", to),
                new("start", from == DateOnly.MinValue ? DateTime.MinValue.ToUniversalTime() : account.StartOf(from)),
                new("end", account.StartOf(to.AddDays(1)))
            }
        };
        foreach (var filter in report.Described.Filters)
            command.Parameters.Add(Parameter(filter, asked[filter]));
        return command;
    }

    /// <summary>A column's name in the query: <c>Family Id</c> is <c>family_id</c>, <c>1–30</c> is <c>1_30</c>.</summary>
    public static string InSql(ReportColumn column) => column.Name.ToLowerInvariant().Replace(' ', '_').Replace('-', '_').Replace('–', '_');

    static NpgsqlParameter Parameter(ReportFilter filter, object? value) => filter.Kind switch
    {
        FilterKind.Tick => new(filter.Name, NpgsqlDbType.Boolean) { Value = value ?? DBNull.Value },
        FilterKind.Names => new(filter.Name, NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = ReadParameters.Several(value as string) },
        _ => new(filter.Name, NpgsqlDbType.Text) { Value = value ?? DBNull.Value }
    };
}
