using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Npgsql;

namespace EnterprisePortal.Search.Validation;

/// <summary>
/// The dismissals that apply to one person: their own, and those that an Admin of their group or of one above made for everybody there and
/// below. The parent sets the standard, so a subgroup's Admin cannot undo the parent's.
/// </summary>
static class Dismissals
{
    public sealed record Dismissal(Guid Id, string Probably, string[] Names, Guid GroupId, bool IsMine, string By, DateTimeOffset At)
    {
        public bool SaysTwo(string one, string other) => Has(one) && Has(other);

        public bool MayBeUndoneBy(Person person) => IsMine || person.IsAdmin && person.GroupId == GroupId;

        bool Has(string name) => name == Probably || Names.Contains(name);
    }

    public static async Task<List<Dismissal>> For(
        Person person, string kind, DirectoryReplica directory, NpgsqlDataSource db, CancellationToken cancel)
    {
        await using var command = db.CreateCommand(
            """
            select id, probably, names, group_id, person_id is not null, by_name, at from slip_dismissal
            where kind = $1 and (person_id = $2 or person_id is null and group_id = any($3)) order by at desc, id
            """);
        command.Parameters.AddWithValue(kind);
        command.Parameters.AddWithValue(person.Id);
        command.Parameters.AddWithValue(directory.Of(person.GroupId)?.Ancestry(person.GroupId).Select(group => group.Id).ToArray() ?? []);
        var dismissals = new List<Dismissal>();
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
            dismissals.Add(new(rows.GetGuid(0), rows.GetString(1), rows.GetFieldValue<string[]>(2), rows.GetGuid(3), rows.GetBoolean(4),
                rows.GetString(5), rows.GetFieldValue<DateTimeOffset>(6)));
        return dismissals;
    }
}
