using EnterprisePortal.OfficePortal.Accounts;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.OfficePortal.Import;

/// <summary>
/// <c>OfficePortal import {account} families.csv</c>: imports a real roster into an account. One transaction: a file with a single bad row
/// changes nothing, and every bad row is named.
/// </summary>
public static class ImportFamilies
{
    /// <param name="Faults">In words, each with its line; if there is any, nothing was imported.</param>
    public record Outcome(int Families, IReadOnlyList<string> Faults);

    const string Usage = """
        Usage: import <account> <families.csv>
        Columns: Family, Guardian First Name, Guardian Last Name, Emails, Phones, Student, Level, Program, Enrolled (reference/OfficePortal/Import/sample.csv).
        Into the database of ConnectionStrings__officeportal; else, in development, through the Office Portal that runs at Office__Url (http://localhost:8090).
        """;

    public static async Task<int> Run(IConfiguration configuration, string[] args)
    {
        if (args is not [var code, var path])
            return await Failed(Usage);
        if (!File.Exists(path))
            return await Failed($"There is no file {path}.");
        await using var csv = File.OpenRead(path);
        var outcome = await (configuration.GetConnectionString("officeportal") is { } connection
            ? Import(connection, code, csv)
            : Send(configuration["Office:Url"] ?? "http://localhost:8090", code, csv));
        if (outcome.Faults.Count > 0)
            return await Failed($"{string.Join('\n', outcome.Faults)}\nNothing was imported.");
        Console.WriteLine($"{outcome.Families} families are now in {code}.");
        return 0;
    }

    static async Task<int> Failed(string words)
    {
        await Console.Error.WriteLineAsync(words);
        return 1;
    }

    static async Task<Outcome> Import(string connection, string code, Stream csv)
    {
        await using var db = NpgsqlDataSource.Create(connection);
        return await Import(db, code, csv, TimeProvider.System.GetUtcNow(), CancellationToken.None);
    }

    static async Task<Outcome> Send(string office, string code, Stream csv)
    {
        using var http = new HttpClient();
        try
        {
            using var answer = await http.PostAsync(
                new Uri($"{office.TrimEnd('/')}/_import/{Uri.EscapeDataString(code)}"), new StreamContent(csv));
            return answer.StatusCode == System.Net.HttpStatusCode.NotFound
                ? new(0, [$"There is no account {code} at {office}."])
                : (await answer.Content.ReadFromJsonAsync<Outcome>())!;
        }
        catch (HttpRequestException e)
        {
            return new(0,
                [$"The Office Portal at {office} does not answer ({e.Message}). Start ./run.sh, or set ConnectionStrings__officeportal."]);
        }
    }

    /// <summary>Development only, so that the command needs no password while ./run.sh is running.</summary>
    public static void Map(WebApplication app)
    {
        if (app.Environment.IsDevelopment())
            app.MapPost("/_import/{account}", Handle).WithName(nameof(ImportFamilies)).AllowAnonymous().ExcludeFromDescription();
    }

    static async Task<Results<Ok<Outcome>, UnprocessableEntity<Outcome>>> Handle(
        Account known, Stream csv, NpgsqlDataSource db, TimeProvider clock, CancellationToken cancel)
    {
        var outcome = await Import(db, known.Code, csv, clock.GetUtcNow(), cancel);
        return outcome.Faults.Count == 0 ? TypedResults.Ok(outcome) : TypedResults.UnprocessableEntity(outcome);
    }

    public static async Task<Outcome> Import(NpgsqlDataSource db, string code, Stream csv, DateTimeOffset now, CancellationToken cancel)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (await Scalar<string>(connection, "select country from account where code = $1", cancel, code) is not { } country)
            return new(0, [$"There is no account {code}."]);
        var file = await FamilyFile.Read(csv, country);
        var faults = file.Faults;
        foreach (var family in faults.Count == 0 ? file.Families : [])
            if (await Scalar<long?>(connection, SameFamilySql, cancel, code, FamilyName.Of(family.Guardians), family.Emails.ToArray(),
                family.Phones.ToArray()) is { } there)
                faults.Add($"line {family.Line}: {FamilyName.Of(family.Guardians)} is already in {code} as family {there}");
        if (faults.Count > 0)
            return new(0, faults);

        var rows = new Rows();
        foreach (var family in file.Families)
            await Add(family, rows, connection, code, now, cancel);
        foreach (var table in rows.InOrder)
            await table.Copy(connection, cancel);
        await transaction.CommitAsync(cancel);
        return new(file.Families.Count, []);
    }

    // The same name and a shared phone or e-mail: most likely the same file imported twice.
    const string SameFamilySql = """
        select f.id from family f where f.account = $1 and f.name = $2 and f.erased_at is null
          and (exists (select from email e where e.account = f.account and e.family = f.id and e.email = any($3))
            or exists (select from phone p where p.account = f.account and p.family = f.id and p.phone = any($4)))
        limit 1
        """;

    static async Task Add(ImportedFamily family, Rows rows, NpgsqlConnection connection, string code, DateTimeOffset now,
        CancellationToken cancel)
    {
        var id = await Next(connection, "family", cancel);
        rows.Family.Add(code, id, FamilyName.Of(family.Guardians), now);
        for (var position = 0; position < family.Guardians.Count; position++)
            rows.Guardian.Add(code, id, position + 1, family.Guardians[position].FirstName, family.Guardians[position].LastName);
        foreach (var email in family.Emails)
            rows.Email.Add(code, id, email);
        foreach (var phone in family.Phones)
            rows.Phone.Add(code, id, phone);
        foreach (var student in family.Students.GroupBy(student => student.Name))
        {
            var studentId = await Next(connection, "student", cancel);
            var names = student.Key.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries);
            rows.Student.Add(code, studentId, id, names[0], names.Length > 1 ? names[1] : family.Guardians[0].LastName, now);
            foreach (var enrollment in student.Select(row => row.Enrollment).OfType<ImportedEnrollment>())
                rows.Enrollment.Add(code, studentId, await ClassFor(connection, code, enrollment, cancel), "active", "office", now,
                    "import", enrollment.Start);
        }
    }

    /// <summary>
    /// A roster names levels and programs, not classes: uses the first class of both, or creates one, to which the office adds time and
    /// fee.
    /// </summary>
    static async Task<long> ClassFor(NpgsqlConnection connection, string code, ImportedEnrollment enrollment, CancellationToken cancel)
    {
        var level = await Scalar<long>(connection, Named("level"), cancel, code, enrollment.Level);
        var program = await Scalar<long>(connection, Named("program"), cancel, code, enrollment.Program);
        return await Scalar<long?>(connection,
            "select id from class where account = $1 and level = $2 and program = $3 order by id limit 1", cancel, code, level, program)
            ?? await Scalar<long>(connection, """
                insert into class (account, name, program, level, location, weekday, starts, monthly_fee)
                select code, $4, $3, $2, coalesce(locations->0->>'name', name), 1, time '16:00', 0 from account where code = $1 returning id
                """, cancel, code, level, program, $"{enrollment.Level} (imported)");
    }

    static string Named(string table) => $"""
        with added as (insert into {table} (account, name) values ($1, $2) on conflict do nothing returning id)
        select id from added union all select id from {table} where account = $1 and name = $2
        """;

    static async Task<long> Next(NpgsqlConnection connection, string table, CancellationToken cancel) =>
        await Scalar<long>(connection, "select nextval(pg_get_serial_sequence($1, 'id'))", cancel, table);

    static async Task<T?> Scalar<T>(NpgsqlConnection connection, string sql, CancellationToken cancel, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return await command.ExecuteScalarAsync(cancel) is T found ? found : default;
    }

    sealed class Rows
    {
        public CopyTable Family { get; } = new("family (account, id, name, created_at)");
        public CopyTable Guardian { get; } = new("guardian (account, family, position, first_name, last_name)");
        public CopyTable Email { get; } = new("email (account, family, email)");
        public CopyTable Phone { get; } = new("phone (account, family, phone)");
        public CopyTable Student { get; } = new("student (account, id, family, first_name, last_name, created_at)");
        public CopyTable Enrollment { get; } =
            new("enrollment (account, student, class, type, source, created_at, created_by, start_date)");
        public IEnumerable<CopyTable> InOrder => [Family, Guardian, Email, Phone, Student, Enrollment];
    }
}
