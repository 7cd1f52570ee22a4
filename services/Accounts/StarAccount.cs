using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace EnterprisePortal.Accounts;

/// <summary>A person's favorites come first in their lists. The row is the state: doing it twice is doing it once.</summary>
public static class StarAccount
{
    public static void Map(RouteGroupBuilder accounts)
    {
        accounts.MapPut("/{code}/favourite",
            (string code, NpgsqlDataSource db, DirectoryReplica directory, Person person, CancellationToken cancel) =>
            Set("insert into favourite (user_id, account_code) select $1, code from account where code = $2 on conflict do nothing", code,
                db, directory, person, cancel)).WithName(nameof(StarAccount));
        accounts.MapDelete("/{code}/favourite",
            (string code, NpgsqlDataSource db, DirectoryReplica directory, Person person, CancellationToken cancel) =>
            Set("delete from favourite where user_id = $1 and account_code = $2", code, db, directory, person, cancel))
                .WithName("UnstarAccount");
    }

    static async Task<Results<NoContent, NotFound>> Set(
        string sql, string code, NpgsqlDataSource db, DirectoryReplica directory, Person person, CancellationToken cancel)
    {
        if (!directory.ReachOf(person).Contains(code))
            return TypedResults.NotFound();
        await using var command = db.CreateCommand(sql);
        command.Parameters.AddWithValue(person.Id);
        command.Parameters.AddWithValue(code);
        await command.ExecuteNonQueryAsync(cancel);
        return TypedResults.NoContent();
    }
}
