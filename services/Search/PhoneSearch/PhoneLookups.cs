using EnterprisePortal.Contracts;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Activities;
using EnterprisePortal.ServiceDefaults.Messaging;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.Search.PhoneSearch;

/// <summary>
/// The last lookups of each person, for setting up the telephony, and the audit entry of each. Both hold only a number's last digits.
/// </summary>
public sealed class PhoneLookups(NpgsqlDataSource db, ActivityRecorder activities, TimeProvider clock)
{
    const int KeptPerPerson = 20, DigitsShown = 4;

    public static void MapPhoneLookups(IEndpointRouteBuilder search) =>
        search.MapGet("/phone-lookups", List).WithName(nameof(PhoneLookups));

    public static string Masked(string number) => number.Length > 2 * DigitsShown ? $"•••{number[^DigitsShown..]}" : "•••";

    internal async Task Remember(
        Person person,
        string masked,
        IReadOnlyCollection<CallerMatch> matches,
        int unanswered,
        TimeSpan took,
        CancellationToken cancel)
    {
        var milliseconds = (int)took.TotalMilliseconds;
        var outcome = matches.Count switch { 0 => "No match", 1 => "One account", var several => $"{several} accounts" }
            + (unanswered > 0 ? $", {unanswered} not answering" : "");
        await using var connection = await db.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using (var keep = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("insert into phone_lookup (person_id, at, phone, outcome, milliseconds) values ($1, $2, $3, $4, $5)")
                {
                    Parameters = { new() { Value = person.Id }, new() { Value = clock.GetUtcNow() }, new() { Value = masked },
                        new() { Value = outcome }, new() { Value = milliseconds } }
                },
                new(
                    """
                    delete from phone_lookup where person_id = $1
                      and id < (select id from phone_lookup where person_id = $1 order by id desc offset $2 limit 1)
                    """)
                {
                    Parameters = { new() { Value = person.Id }, new() { Value = KeptPerPerson - 1 } }
                },
                LookupHours.Add(person, clock.GetUtcNow(), milliseconds)
            }
        })
            await keep.ExecuteNonQueryAsync(cancel);
        await connection.Publish(activities.Of(person, AuditActions.PhoneLookedUp, masked,
            matches.Count == 1 ? matches.First().Account : null, new { outcome, milliseconds }), cancel);
        await transaction.CommitAsync(cancel);
    }

    static async Task<Ok<Page<PhoneLookup>>> List(Person person, NpgsqlDataSource db, CancellationToken cancel)
    {
        var items = new List<PhoneLookup>();
        await using var command = db.CreateCommand(
            "select at, phone, outcome, milliseconds from phone_lookup where person_id = $1 order by id desc limit $2");
        command.Parameters.AddWithValue(person.Id);
        command.Parameters.AddWithValue(KeptPerPerson);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
            items.Add(new(rows.GetFieldValue<DateTimeOffset>(0), rows.GetString(1), rows.GetString(2), rows.GetInt32(3)));
        return TypedResults.Ok(new Page<PhoneLookup>(items, null));
    }
}
