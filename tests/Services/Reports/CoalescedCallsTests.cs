using EnterprisePortal.Reports.Generation;
using Npgsql;

namespace EnterprisePortal.Tests.Reports;

public class CoalescedCallsTests
{
    [Fact]
    public async Task What_comes_while_others_are_asked_goes_together_and_each_gets_its_own_answer()
    {
        var (groups, gate) = (new List<int>(), new TaskCompletionSource());
        var calls = new CoalescedCalls<int, string>(async items =>
        {
            groups.Add(items.Count);
            await gate.Task;
            return [.. items.Select(item => $"{item}")];
        });

        var answers = Enumerable.Range(0, 100).Select(calls.Run).ToList();
        gate.SetResult();

        Assert.Equal(Enumerable.Range(0, 100).Select(item => $"{item}"), await Task.WhenAll(answers));
        Assert.Equal([1, 64, 35], groups);
    }

    [Fact]
    public async Task What_the_database_refuses_of_one_is_not_the_others_end()
    {
        var gate = new TaskCompletionSource();
        var calls = new CoalescedCalls<int, int>(async items =>
        {
            await gate.Task;
            return items.Contains(3)
                ? throw new PostgresException("no such character", "ERROR", "ERROR", PostgresErrorCodes.UntranslatableCharacter) : items;
        });

        var answers = Enumerable.Range(0, 6).Select(calls.Run).ToList();
        gate.SetResult();

        await Assert.ThrowsAsync<PostgresException>(() => answers[3]);
        Assert.Equal(new[] { 0, 1, 2, 4, 5 }, await Task.WhenAll(answers.Where((_, item) => item != 3)));
        Assert.Equal(7, await calls.Run(7));
    }

    [Fact]
    public async Task A_database_that_is_down_fails_the_whole_group_and_the_next_one_starts_over()
    {
        var (asked, gate) = (0, new TaskCompletionSource());
        var calls = new CoalescedCalls<int, int>(async items =>
        {
            await gate.Task;
            return ++asked == 2 ? throw new NpgsqlException("away", new IOException()) : items;
        });

        var answers = Enumerable.Range(0, 4).Select(calls.Run).ToList();
        gate.SetResult();

        Assert.Equal(0, await answers[0]);
        foreach (var answer in answers[1..])
            await Assert.ThrowsAsync<NpgsqlException>(() => answer);
        Assert.Equal((9, 3), (await calls.Run(9), asked));
    }
}
