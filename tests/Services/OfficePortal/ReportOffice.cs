using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using CsvHelper;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Tests.Support;

namespace EnterprisePortal.Tests.OfficePortal;

/// <summary>The demo world's accounts asked for reports as the portal asks, and their rows in plain lists, for whoever wants to add them up
/// in another way.</summary>
public sealed class ReportOffice(Servers servers) : IAsyncLifetime
{
    public DataOffice Office { get; } = new(servers);

    public ValueTask InitializeAsync() => Office.InitializeAsync();

    public async Task<Generated> Generate(string account, string report, ReportParameters asked)
    {
        var portal = Office.Portal(account);
        var task = await Start(portal, Guid.CreateVersion7(), report, asked);
        await Wait.Eventually(async () => (task = (await portal.GetFromJsonAsync<ReportTask>($"background-tasks/{task.Id}"))!).IsOver);
        Assert.Equal("ready", task.State);
        using var csv = new CsvReader(
            new StringReader(await portal.GetStringAsync($"background-tasks/{task.Id}/file")), CultureInfo.InvariantCulture);
        await csv.ReadAsync();
        csv.ReadHeader();
        Assert.Equal(task.File!.Columns.Select(column => column.Name), csv.HeaderRecord!);
        var rows = new List<IReadOnlyDictionary<string, string>>();
        while (await csv.ReadAsync())
            rows.Add(csv.HeaderRecord!.ToDictionary(name => name, name => csv.GetField(name)!));
        return new(task.File, rows);
    }

    public static async Task<ReportTask> Start(HttpClient portal, Guid run, string report, ReportParameters asked) =>
        (await (await Ask(portal, run, report, asked)).EnsureSuccessStatusCode().Content.ReadFromJsonAsync<ReportTask>())!;

    public static Task<HttpResponseMessage> Ask(HttpClient portal, Guid run, string report, ReportParameters asked, string level = "admin",
        string staff = "portal-admin@bluedolphin.example") =>
        portal.PostAsJsonAsync("reports",
            new ReportRequest(run, report, Given(asked), new(Guid.CreateVersion7(), "Rosa Admin", level, Guid.CreateVersion7(), staff)));

    /// <summary>As it goes over the wire.</summary>
    public static IReadOnlyDictionary<string, JsonElement> Given(ReportParameters asked) =>
        JsonSerializer.SerializeToElement(asked, JsonSerializerOptions.Web).Deserialize<Dictionary<string, JsonElement>>()!;

    public async Task<List<T>> All<T>(string account, string columns, Func<Npgsql.NpgsqlDataReader, T> read)
    {
        await using var command = Office.Db.CreateCommand($"select {columns} where account = $1");
        command.Parameters.AddWithValue(account);
        await using var row = await command.ExecuteReaderAsync();
        var all = new List<T>();
        while (await row.ReadAsync())
            all.Add(read(row));
        return all;
    }

    public ValueTask DisposeAsync() => Office.DisposeAsync();

    public sealed record Generated(ReportFile About, IReadOnlyList<IReadOnlyDictionary<string, string>> Rows)
    {
        public decimal Sum(string column, string? section = null) =>
            Rows.Where(row => section is null || row["Section"] == section).Sum(row => Money(row[column]));

        public static decimal Money(string field) => decimal.Parse(field, CultureInfo.InvariantCulture);
    }
}

/// <summary>One account's ledger as it lies in its tables.</summary>
public sealed class Books
{
    public sealed record Charge(long Id, long Family, long? Program, long Category, DateOnly Date, DateOnly Due, decimal Amount,
        decimal Tax, DateTime? DeletedAt, DateTime EnteredAt);
    public sealed record Payment(long Id, long Family, DateTime At, string Method, decimal Amount, string Status);
    public sealed record Event(long Id, long Payment, string Kind, long? Refund, decimal Amount, DateTime At);
    public sealed record Credit(long Id, long Family, decimal Amount, DateTime At, string Type);
    public sealed record Application(long? Payment, long? Credit, long Charge, decimal Amount, decimal Tax, DateTime At);

    public required List<Charge> Charges { get; init; }
    public required List<Payment> Payments { get; init; }
    public required List<Event> Events { get; init; }
    public required List<Credit> Credits { get; init; }
    public required List<Application> Applications { get; init; }
    public required Dictionary<long, string> Programs { get; init; }
    public required Dictionary<long, string> Categories { get; init; }

    public static async Task<Books> Of(ReportOffice office, string account) => new()
    {
        Charges = await office.All(account,
            "id, family, program, category, charge_date, due_date, amount, tax, deleted_at, created_at from charge", row =>
                new Charge(row.GetInt64(0), row.GetInt64(1),
            row.IsDBNull(2) ? null : row.GetInt64(2), row.GetInt64(3), row.GetFieldValue<DateOnly>(4), row.GetFieldValue<DateOnly>(5),
            row.GetDecimal(6), row.GetDecimal(7), row.IsDBNull(8) ? null : row.GetDateTime(8), row.GetDateTime(9))),
        Payments = await office.All(account, "id, family, received_at, method, amount, status from payment", row =>
            new Payment(row.GetInt64(0), row.GetInt64(1), row.GetDateTime(2), row.GetString(3), row.GetDecimal(4), row.GetString(5))),
        Events = await office.All(account, "id, payment, kind, refund, amount, at from payment_event", row =>
            new Event(row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetInt64(3), row.GetDecimal(4),
                row.GetDateTime(5))),
        Credits = await office.All(account, "id, family, amount, at, type from credit", row =>
            new Credit(row.GetInt64(0), row.GetInt64(1), row.GetDecimal(2), row.GetDateTime(3), row.GetString(4))),
        Applications = await office.All(account, "payment, credit, charge, amount, tax, at from application", row =>
            new Application(row.IsDBNull(0) ? null : row.GetInt64(0), row.IsDBNull(1) ? null : row.GetInt64(1),
            row.GetInt64(2), row.GetDecimal(3), row.GetDecimal(4), row.GetDateTime(5))),
        Programs = (await office.All(account, "id, name from program", row => (row.GetInt64(0), row.GetString(1)))).ToDictionary(),
        Categories = (await office.All(account, "id, name from charge_category", row => (row.GetInt64(0), row.GetString(1)))).ToDictionary()
    };
}
